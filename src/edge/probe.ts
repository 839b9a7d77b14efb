import { connect } from "node:net";
import type { Edge } from "../core/app.ts";
import { messageOf } from "../fault.ts";
import { readTextIfAny } from "../state/files.ts";
import { http, https } from "./node-http.ts";

/** The address of a probe, and the name that it asks for. */
export interface Target {
  scheme: "http" | "https";
  /** The address to connect to. */
  address: string;
  port: number;
  /** Sent in SNI and in the Host header. */
  domain: string;
  /** Prefix of every path of the app, such as `/notes`; absent if the app is at the root. */
  basePath?: string;
  caFile?: string | undefined;
}

export interface Answer {
  healthy: boolean;
  /** The observation, for people: `HTTP 404 from …`, `connect ECONNREFUSED …`. */
  seen: string;
}

/** Limit of one try in milliseconds, even if the answer comes byte by byte. */
const TRY_LIMIT_MS = 5_000;

/** The target of an app: its own URL if the driver knows one, else the edge with the app's domain. */
export function targetOf(url: string | null, edge: Edge, domain: string): Target {
  if (url === null)
    return { scheme: edge.scheme, address: edge.address, port: edge.port, domain, caFile: edge.caFile };
  const parsed = new URL(url);
  const scheme = parsed.protocol === "https:" ? "https" : "http";
  const port = parsed.port === "" ? (scheme === "https" ? 443 : 80) : Number(parsed.port);
  const host = parsed.hostname.replace(/^\[|\]$/g, "");
  const basePath = parsed.pathname.replace(/\/+$/, "");
  const base = basePath === "" ? {} : { basePath };
  return { scheme, address: host, port, domain: parsed.host, ...base, caFile: edge.caFile };
}

/** The base URL of a target, as given to tests, without a trailing slash. */
export function urlOf(target: Target): string {
  const usual = target.scheme === "https" ? 443 : 80;
  const hasPort = target.domain.includes(":") && !target.domain.endsWith("]");
  const port = hasPort || target.port === usual ? "" : `:${target.port}`;
  return `${target.scheme}://${target.domain}${port}${target.basePath ?? ""}`;
}

/**
 * Asks once for `path`, relative to the app's base URL. Redirects are not followed: only the app's own answer counts.
 */
export async function probeHttp(target: Target, path: string, status: readonly number[]): Promise<Answer> {
  const asked = `${target.basePath ?? ""}${path}`;
  try {
    const code = await askStatus(target, asked);
    const healthy = status.includes(code);
    return { healthy, seen: `HTTP ${code} from ${target.domain}${asked}, wanted ${status.join(" or ")}` };
  } catch (error) {
    return { healthy: false, seen: `${target.domain}: ${messageOf(error)}` };
  }
}

/** Whether the port accepts a connection. */
export function probeTcp(address: string, port: number): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: TRY_LIMIT_MS });
    const end = (healthy: boolean, seen: string) => {
      socket.destroy();
      resolve({ healthy, seen });
    };
    socket.once("connect", () => end(true, `${address}:${port} accepts connections`));
    socket.once("timeout", () => end(false, `${address}:${port} does not answer`));
    socket.once("error", (error) => end(false, `${address}:${port}: ${messageOf(error)}`));
  });
}

function askStatus(target: Target, path: string): Promise<number> {
  const ask = target.scheme === "https" ? https.request : http.request;
  return new Promise((resolve, reject) => {
    const request = ask(
      {
        host: target.address,
        port: target.port,
        path,
        method: "GET",
        agent: false,
        headers: { Host: target.domain, "User-Agent": "canonical-sweep", Connection: "close" },
        ...(target.scheme === "https" ? tlsOptions(target) : {}),
      },
      (response) => {
        response.destroy();
        resolve(response.statusCode ?? 0);
      },
    );
    const tooLate = new Error(`no answer within ${TRY_LIMIT_MS / 1000} s`);
    const timer = setTimeout(() => request.destroy(tooLate), TRY_LIMIT_MS);
    request.once("close", () => clearTimeout(timer));
    request.once("error", reject);
    request.end();
  });
}

function tlsOptions(target: Target): { servername: string; ca?: string } {
  const name = target.domain.replace(/:\d+$/, "");
  const ca = target.caFile === undefined ? null : readTextIfAny(target.caFile);
  return { servername: /^[\d.]+$/.test(name) ? "" : name, ...(ca === null ? {} : { ca }) };
}

import { isIP } from "node:net";

interface Asked {
  method: string | undefined;
  host: string | undefined;
  origin: string | undefined;
}

export interface Refusal {
  status: 400 | 403 | 405 | 421;
  why: string;
}

/**
 * Why a request is refused; null if it is accepted. The name in `Host` must be an address, `localhost` or one of
 * `allowedHosts`, so that a foreign page whose own name points here can read nothing. A page of another origin cannot
 * either.
 */
export function refusalOf({ host, method, origin }: Asked, allowedHosts: readonly string[]): Refusal | null {
  if (method !== "GET" && method !== "HEAD") return { status: 405, why: "it can only be read: GET or HEAD" };
  const name = hostName(host);
  if (name === null) return { status: 400, why: "the request names no host" };
  if (!isKnown(name, allowedHosts))
    return { status: 421, why: `not asked for as '${name}': name it in allowedHosts of sweep.yaml` };
  if (origin !== undefined && originHost(origin) !== host?.toLowerCase())
    return { status: 403, why: "a page of another origin may not read this" };
  return null;
}

function isKnown(name: string, allowedHosts: readonly string[]): boolean {
  return isIP(name) !== 0 || name === "localhost" || allowedHosts.some((host) => host.toLowerCase() === name);
}

// `[::1]:8390`, `127.0.0.1:8390`, `sweep.example.org`.
function hostName(host: string | undefined): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(host ?? "");
  return (match?.[1] ?? match?.[2])?.toLowerCase() ?? null;
}

function originHost(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

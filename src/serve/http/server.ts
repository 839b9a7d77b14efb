import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { http } from "../../edge/node-http.ts";
import { Fault, messageOf } from "../../fault.ts";
import type { Log } from "../../log.ts";
import { refusalOf } from "./admission.ts";
import type { PageAnswer, PageRequest, Route } from "./route.ts";

export interface PageServer {
  /** `http://127.0.0.1:8390`. */
  url: string;
  /** Closes it with every connection. */
  close(): void;
}

export interface PageOptions {
  listen: { host: string; port: number };
  allowedHosts(): readonly string[];
  /** Asked in this order; a request that none answers is not found. */
  routes: readonly Route[];
  log: Pick<Log, "error" | "warn">;
}

/** Clients at once; further ones are cut off. */
const MOST_CONNECTIONS = 64;
const IDLE_MS = 30_000;

const HEADERS = {
  "Cache-Control": "no-store",
  "Content-Security-Policy":
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/** Opens the status page. Throws a Fault (machinery) if its address is not available. */
export async function openPage(options: PageOptions): Promise<PageServer> {
  const server = http.createServer(
    {
      headersTimeout: 5_000,
      requestTimeout: 10_000,
      keepAliveTimeout: 5_000,
      connectionsCheckingInterval: 1_000,
    },
    (request, response) => void answer(request, response, options),
  );
  server.maxConnections = MOST_CONNECTIONS;
  server.setTimeout(IDLE_MS, (socket) => socket.destroy());
  await listening(server, options.listen);
  server.on("error", (error) => options.log.warn(`the status page: ${messageOf(error)}`));
  const { address, family, port } = server.address() as AddressInfo;
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listening(server: Server, { host, port }: PageOptions["listen"]): Promise<void> {
  try {
    await once(server.listen(port, host), "listening");
  } catch (error) {
    throw new Fault(
      "machinery",
      `the status page cannot be at ${host}:${port}: ${messageOf(error)}`,
      "end what is there (another `canonical-sweep serve`?), or change `listen` in sweep.yaml",
    );
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { allowedHosts, log, routes }: PageOptions,
): Promise<void> {
  const gone = new AbortController();
  response.on("error", () => gone.abort());
  response.on("close", () => gone.abort());
  // Anything after the headers is ignored.
  request.resume();
  try {
    const { headers, method } = request;
    const refusal = refusalOf({ method, host: headers.host, origin: headers.origin }, allowedHosts());
    const page =
      refusal === null ? await findAnswer(request, gone.signal, routes) : plain(refusal.status, refusal.why);
    await send(response, page, method === "HEAD", gone.signal);
  } catch (error) {
    log.error(`the status page could not answer ${request.url}: ${messageOf(error)}`);
    if (response.headersSent) response.destroy();
    else await send(response, plain(500, "this could not be answered; the log says why"), false, gone.signal);
  }
}

async function findAnswer(
  { headers, url }: IncomingMessage,
  signal: AbortSignal,
  routes: readonly Route[],
): Promise<PageAnswer> {
  const [path = "/", query = ""] = (url ?? "/").split("?", 2);
  const decoded = decode(path);
  if (decoded === null) return plain(400, "this is no address");
  const asked: PageRequest = { path: decoded, query: new URLSearchParams(query), headers, signal };
  for (const route of routes) {
    const found = await route(asked);
    if (found !== null) return found;
  }
  return plain(404, "there is nothing here");
}

async function send(
  response: ServerResponse,
  { body, headers, status, type }: PageAnswer,
  headOnly: boolean,
  gone: AbortSignal,
): Promise<void> {
  response.writeHead(status, { ...HEADERS, "Content-Type": type, ...headers });
  if (headOnly) return void response.end();
  if (typeof body === "string" || body instanceof Uint8Array) return void response.end(body);
  for await (const piece of body) {
    if (gone.aborted) return;
    if (!response.write(piece)) await once(response, "drain", { signal: gone }).catch(() => {});
  }
  response.end();
}

function plain(status: number, text: string): PageAnswer {
  const headers = status === 405 ? { Allow: "GET, HEAD" } : {};
  return { status, type: "text/plain; charset=utf-8", body: `${text}\n`, headers };
}

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { http } from "../edge/node-http.ts";

/** Stands before the sample apps as a proxy does: finds the app of a domain, and says 502 where there is none. */
export interface DemoEdge {
  port: number;
  close(): void;
}

/** Opens the edge on a free port of the loopback; `portOf` finds where the app of a domain listens. */
export function openEdge(portOf: (domain: string) => Promise<number | null>): Promise<DemoEdge> {
  const server = http.createServer(async (request, response) => {
    const domain = (request.headers.host ?? "").replace(/:\d+$/, "");
    const port = await portOf(domain).catch(() => null);
    if (port === null) refuse(response);
    else pass(request, response, port);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      resolve({ port, close: () => void server.close() });
    });
  });
}

function pass(request: IncomingMessage, response: ServerResponse, port: number): void {
  const { method, url, headers } = request;
  const options = {
    host: "127.0.0.1",
    port,
    method,
    path: url,
    headers: { ...headers, connection: "close" },
  };
  const onward = http.request(options, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.once("error", () => refuse(response));
  request.pipe(onward);
}

function refuse(response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(502).end("no app at this domain");
}

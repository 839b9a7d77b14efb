import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { http } from "../edge/node-http.ts";

/** A proxy in front of the sample apps: finds the app of a domain, or answers 502. */
export interface DemoEdge {
  port: number;
  close(): void;
}

/** Opens the edge on a free loopback port; `portOf` finds the port of a domain's app. */
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

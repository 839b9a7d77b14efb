import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, it, onTestFinished } from "vitest";
import { openEdge } from "../../src/demo/swarm-edge.ts";

async function appThatEchoes(): Promise<number> {
  const server = createServer(async (incoming, response) => {
    const body = await text(incoming);
    response.writeHead(200).end(`${incoming.method} ${incoming.url} ${incoming.headers.host} ${body}`);
  });
  onTestFinished(() => void server.close());
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

async function edgeFor(portOf: (domain: string) => Promise<number | null>): Promise<number> {
  const edge = await openEdge(portOf);
  onTestFinished(() => edge.close());
  return edge.port;
}

function ask(
  port: number,
  method: string,
  host: string,
  body = "",
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: "127.0.0.1", port, path: "/notes", method, agent: false, headers: { host } },
      async (response) => resolve({ status: response.statusCode ?? 0, body: await text(response) }),
    );
    outgoing.once("error", reject).end(body);
  });
}

it("the edge passes a request on to the app of its domain, body and Host included", async () => {
  const app = await appThatEchoes();
  const edge = await edgeFor(async (domain) => (domain === "notes.demo.localhost" ? app : null));
  const answer = await ask(edge, "PUT", "notes.demo.localhost:80", "remember");
  expect(answer).toEqual({ status: 200, body: "PUT /notes notes.demo.localhost:80 remember" });
});

it("the edge says 502 where no app is, where one is gone, and where nobody can tell", async () => {
  const nobody = await edgeFor(async () => null);
  const gone = await edgeFor(async () => 1);
  const unknown = await edgeFor(() => Promise.reject(new Error("Docker is away")));
  for (const edge of [nobody, gone, unknown])
    expect((await ask(edge, "GET", "wiki.demo.localhost")).status).toBe(502);
});

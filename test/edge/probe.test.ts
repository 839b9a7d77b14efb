import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { probeHttp, targetOf, urlOf } from "../../src/edge/probe.ts";

const EDGE = { address: "127.0.0.1", port: 443, scheme: "https" } as const;

async function serverThatKnows(path: string): Promise<number> {
  const server = createServer((request, response) =>
    response.writeHead(request.url === path ? 200 : 404).end(),
  );
  onTestFinished(() => void server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}

test("an app below a path is probed there, and its base URL keeps the path without a trailing slash", async () => {
  const port = await serverThatKnows("/notes/health");
  const target = targetOf(`http://127.0.0.1:${port}/notes/`, EDGE, "notes.example.org");
  expect(await probeHttp(target, "/health", [200])).toMatchObject({ healthy: true });
  expect(urlOf(target)).toBe(`http://127.0.0.1:${port}/notes`);
});

test("an app at the root is probed at the root", async () => {
  const port = await serverThatKnows("/health");
  const target = targetOf(`http://127.0.0.1:${port}`, EDGE, "notes.example.org");
  expect(await probeHttp(target, "/health", [200])).toMatchObject({ healthy: true });
  expect(urlOf(target)).toBe(`http://127.0.0.1:${port}`);
  expect(urlOf(targetOf(null, EDGE, "notes.example.org"))).toBe("https://notes.example.org");
});

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

const ERRORS: Readonly<Record<number, { code: string; message: string }>> = {
  404: { code: "MANIFEST_UNKNOWN", message: "manifest unknown" },
  429: { code: "TOOMANYREQUESTS", message: "You have reached your pull rate limit." },
  503: { code: "UNAVAILABLE", message: "service unavailable" },
};

/** A registry on loopback that answers every question for an image with this status; returns `localhost:PORT`. */
export async function answeringRegistry(status: 404 | 429 | 503): Promise<string> {
  const server = createServer((request, response) => {
    response.setHeader("Docker-Distribution-Api-Version", "registry/2.0");
    response.setHeader("Content-Type", "application/json");
    const isPing = request.url === "/v2/";
    response.writeHead(isPing ? 200 : status);
    response.end(isPing ? "{}" : JSON.stringify({ errors: [ERRORS[status]] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `localhost:${(server.address() as AddressInfo).port}`;
}

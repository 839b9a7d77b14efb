import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { createSite, type Site } from "../../src/site/site.ts";
import type { SiteSource } from "../../src/site/source.ts";
import type { StatePaths } from "../../src/state/paths.ts";
import { MONDAY } from "./written-state.ts";

const SCRIPT = new URL("../../dist/page/live.js", import.meta.url);

/** The pages of a state folder, as somebody sees them on that Monday. */
export function siteOf(state: StatePaths, more: Partial<SiteSource> = {}): Site {
  return createSite({
    state,
    configuration: () => ({ config: configurationWith([]), problem: null }),
    program: { name: "canonical-sweep", version: "0.1.0", node: "24.21.0" },
    clock: { now: () => MONDAY },
    next: () => "2026-06-21T03:00:00.000Z",
    script: readFileSync(SCRIPT, "utf8"),
    lint: async () => ({ state: "unknown", why: "nobody has looked yet" }),
    ...more,
  });
}

/** What of a configuration the pages look at. */
export function configurationWith(recipes: readonly string[]): Config {
  return {
    folder: "/etc/canonical-sweep",
    timezone: "UTC",
    recipes: recipes.map((recipe) => ({ recipe, enrolled: true, broken: {} })),
  } as unknown as Config;
}

export interface Read {
  status: number;
  type: string;
  headers: Readonly<Record<string, string>>;
  text: string;
}

/** Asks for an address such as `/runs?q=x`; what nobody answers has status 404 and no text. */
export async function readPage(site: Site, address: string): Promise<Read> {
  const [path = "", query = ""] = address.split("?", 2);
  const asked = {
    path: decodeURIComponent(path),
    query: new URLSearchParams(query),
    signal: new AbortController().signal,
  };
  const answer = await site(asked);
  if (answer === null) return { status: 404, type: "", headers: {}, text: "" };
  if (typeof answer.body !== "string") throw new Error(`${address} is a stream`);
  return { status: answer.status, type: answer.type, headers: answer.headers ?? {}, text: answer.body };
}

/** Serves pages on loopback until `whenDone`; returns its address. */
export async function serveSite(
  site: Site,
  whenDone: (end: () => void) => void = onTestFinished,
): Promise<string> {
  const server = createServer(async (request, response) => {
    const [path = "", query = ""] = (request.url ?? "/").split("?", 2);
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const answer = await site({
      path: decodeURIComponent(path),
      query: new URLSearchParams(query),
      signal: gone.signal,
    });
    if (answer === null) return void response.writeHead(404).end();
    response.writeHead(answer.status, { "Content-Type": answer.type, ...answer.headers });
    if (typeof answer.body === "string") return void response.end(answer.body);
    for await (const piece of answer.body) response.write(piece);
    response.end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  whenDone(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

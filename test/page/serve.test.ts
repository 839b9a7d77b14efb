import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { isWaiting, letGo, waits } from "../support/waiting.ts";
import { createWorld, until, type World } from "../support/world.ts";

/** Starts `serve` of a world; its sweeps are started by hand. */
async function serve(world: World): Promise<string> {
  const program = world.start("serve");
  let said = "";
  program.child.stderr?.on("data", (part: string) => {
    said += part;
  });
  await program.said('"at http');
  return /at (http:[^"]+)"/.exec(said)?.[1] ?? "";
}

async function read(url: string): Promise<string> {
  const answer = await fetch(url);
  expect(answer.status, url).toBe(200);
  return answer.text();
}

/** Listens to what changes; `next` is fulfilled with the next event. */
async function listenTo(url: string): Promise<{ next(): Promise<string> }> {
  const gone = new AbortController();
  onTestFinished(() => gone.abort());
  const answer = await fetch(url, { signal: gone.signal });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/event-stream");
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    next: async () => {
      while (!text.includes("event: changed")) text += (await reader?.read())?.value ?? "";
      text = text.slice(text.indexOf("event: changed") + 1);
      return "changed";
    },
  };
}

/** Two hours ago, every day: nothing is due while a test runs. */
const NOT_NOW = `${new Date().getUTCMinutes()} ${(new Date().getUTCHours() + 22) % 24} * * *`;

it("the pages show a sweep while it works, and its result", async () => {
  const world = createWorld({ listen: "127.0.0.1:0", schedule: NOT_NOW });
  const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
  world
    .recipe("red", { releases: ["1.0.0+1"] })
    .publish("1.1.0+2", "echo 'error: <b>no such table</b>' >&2; exit 1");
  expect((await world.call("sweep")).exit).toBe(3);
  const url = await serve(world);
  const first = await read(`${url}/`);
  expect(first).toMatch(/<article class="card bad" id="r-red">/);
  expect(first).toContain("&lt;b&gt;no such table&lt;/b&gt;");
  expect(first).not.toContain("<b>no such table");
  expect(first).toContain(world.configuration);

  notes.publish("1.1.0+2");
  notes.change({ files: { "tests/custom/waits": waits(world) } });
  const events = await listenTo(`${url}/events?page=/`);
  const sweep = world.start("sweep");
  await until(() => isWaiting(world));
  expect(await events.next()).toBe("changed");
  const during = await read(`${url}/`);
  const run = world.runs().at(-1) ?? "";
  expect(during).toContain("AT WORK");
  expect(during).toMatch(
    /<a href="\/runs\/[^"]+\/notes">notes<\/a> <code>1\.1\.0\+2<\/code> for .*the last time/,
  );
  expect(during).toMatch(/<b>custom<\/b> for /);
  expect(await read(`${url}/runs/${run}`)).toContain("is at work");
  expect(await read(`${url}/runs/${run}/notes`)).toMatch(/install passed, .*custom going on/);
  expect(await read(`${url}/recipes/notes`)).toContain("Nothing is linted while a run is at work.");
  expect(await read(`${url}/metrics`)).toMatch(/^canonical_sweep_at_work 1$/m);
  letGo(world);
  expect((await sweep.end).exit).toBe(3);
  await events.next();
  await expect.poll(() => read(`${url}/`)).not.toContain("AT WORK");
  expect(await read(`${url}/`)).toMatch(/notes<\/a><span>1\.1\.0\+2<\/span>/);

  const recipe = await read(`${url}/recipes/notes`);
  expect(recipe).toMatch(/No finding|finding/);
  expect(recipe).not.toContain("cannot be linted");
  const test = await read(`${url}/runs/${run}/notes`);
  for (const log of test.matchAll(/href="([^"]+\/logs\/[^"]+)"/g)) await read(url + log[1]);
  expect((await fetch(`${url}/runs`, { method: "HEAD" })).status).toBe(200);
  expect((await fetch(`${url}/`, { method: "POST" })).status).toBe(405);
  expect((await fetch(`${url}/`)).headers.get("content-security-policy")).toContain("default-src 'none'");
  const report = readFileSync(join(world.state, "runs", run, "report.html"), "utf8");
  expect(report).not.toMatch(/<script|<link|href="\/|src="/);
});

it("many listeners that do not read hinder nobody, and further ones are refused", async () => {
  const world = createWorld({ listen: "127.0.0.1:0", schedule: NOT_NOW });
  world.recipe("notes", { releases: ["1.0.0+1"] });
  const url = await serve(world);
  const gone = new AbortController();
  onTestFinished(() => gone.abort());
  const ask = () => fetch(`${url}/events`, { signal: gone.signal });
  const listeners = await Promise.all(Array.from({ length: 30 }, ask));
  const statuses = listeners.map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([200, 503]));
  expect((await world.call("sweep")).exit).toBe(0);
  expect(await read(`${url}/`)).toContain("PASS");
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  gone.abort();
  await expect
    .poll(async () => (await fetch(`${url}/events`, { method: "HEAD" })).status, { timeout: 20_000 })
    .toBe(200);
});

import { mkdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import type { Health } from "../../src/serve/health.ts";
import type { RunningProgram } from "../support/program.ts";
import { isWaiting, letGo, waits } from "../support/waiting.ts";
import { createWorld, labelsOf, until, type World } from "../support/world.ts";

/** Cron for a moment some seconds ahead, every day. */
function inSeconds(seconds: number): string {
  const at = new Date(Date.now() + seconds * 1000);
  return `${at.getUTCSeconds()} ${at.getUTCMinutes()} ${at.getUTCHours()} * * *`;
}

/** Long ago today or yesterday: nothing is due while a test runs. */
const NOT_NOW = () => inSeconds(-3_600);

/** A sweep falls due soon. A daemon that starts after that, on a slow machine, was there before: it does not miss it. */
function fallsDueSoon(): World {
  const world = createWorld({ ...listen, schedule: inSeconds(3) });
  const since = new Date().toISOString();
  mkdirSync(world.state, { recursive: true });
  writeFileSync(join(world.state, "daemon.json"), JSON.stringify({ schema: 1, since, lastFire: null }));
  return world;
}

interface Serving {
  program: RunningProgram;
  said(): string;
  get(
    path: string,
    headers?: Record<string, string>,
    method?: string,
  ): Promise<{ status: number; body: string }>;
  health(): Promise<Health>;
}

async function serving(world: World): Promise<Serving> {
  const program = world.start("serve");
  let said = "";
  program.child.stderr?.on("data", (part: string) => {
    said += part;
  });
  await program.said('"at http');
  const url = /at (http:[^"]+)"/.exec(said)?.[1] ?? "";
  const get: Serving["get"] = (path, headers = {}, method = "GET") =>
    new Promise((fulfil, reject) => {
      const asked = request(`${url}${path}`, { headers, method, agent: false }, (response) => {
        text(response).then((body) => fulfil({ status: response.statusCode ?? 0, body }), reject);
      });
      asked.on("error", reject).end();
    });
  const health = async () => JSON.parse((await get("/healthz")).body) as Health;
  return { program, said: () => said, get, health };
}

const listen = { listen: "127.0.0.1:0" };

describe("`serve`", () => {
  it("fires on time as a process of its own, tells what it does, and the report says who started it", async () => {
    const world = fallsDueSoon();
    world.recipe("notes", { releases: ["1.0.0+1"], files: { "tests/custom/waits": waits(world) } });
    const { health, program } = await serving(world);
    expect(await health()).toMatchObject({ ok: true, problems: [] });
    await until(() => isWaiting(world));
    expect(await health()).toMatchObject({
      ok: true,
      work: { isOurs: true, done: 0, steps: [{ recipe: "notes", step: "custom" }] },
    });
    const beside = await world.call("sweep");
    expect(beside.exit).toBe(75);
    expect(beside.stderr).not.toContain(`process ${program.child.pid})`);
    letGo(world);
    await until(() => world.read("daemon.json")?.includes('"ended": true') === true);
    expect(world.report()).toMatchObject({ trigger: "daemon", exit: 0 });
    expect(labelsOf(world.report())).toEqual({ notes: "PASS (promoted 1.0.0+1)" });
    expect((await health()).work).toBeNull();
    program.child.kill("SIGTERM");
    expect((await program.end).exit).toBe(0);
  });

  it("timer-weekly-and-missed: catches up once after its start, and not after the next start", async () => {
    const world = createWorld({ ...listen, schedule: NOT_NOW() });
    world.recipe("notes", { releases: ["1.0.0+1"] });
    const since = new Date(Date.now() - 20 * 86_400_000).toISOString();
    world.recipe("other", { releases: ["1.0.0+1"] });
    await world.call("sweep", "--only-sync");
    writeFileSync(join(world.state, "daemon.json"), JSON.stringify({ schema: 1, since, lastFire: null }));
    const first = await serving(world);
    await until(() => world.read("daemon.json")?.includes('"ended": true') === true);
    expect(world.report().trigger).toBe("catch-up");
    first.program.child.kill("SIGTERM");
    await first.program.end;
    const runs = world.runs();
    const second = await serving(world);
    expect((await second.health()).doing).toMatch(/^next sweep /);
    second.program.child.kill("SIGTERM");
    await second.program.end;
    expect(world.runs()).toEqual(runs);
  });

  it("waits for a run by hand when it is due, says so, and fires once after it", async () => {
    const world = fallsDueSoon();
    world.recipe("notes", { releases: ["1.0.0+1"], files: { "tests/custom/waits": waits(world) } });
    const byHand = world.start("run", "notes");
    await until(() => isWaiting(world));
    const { health, program } = await serving(world);
    await program.said("and waits: run");
    expect(await health()).toMatchObject({ ok: true, work: { isOurs: false, command: "run notes" } });
    letGo(world);
    expect((await byHand.end).exit).toBe(0);
    await until(() => world.read("daemon.json")?.includes('"ended": true') === true);
    expect(world.report()).toMatchObject({ kind: "sweep", trigger: "daemon" });
    program.child.kill("SIGTERM");
    await program.end;
  });

  it("HUP takes a new schedule and a new address; a faulty configuration leaves the old one in force", async () => {
    const world = createWorld({ ...listen, schedule: NOT_NOW() });
    world.recipe("notes", { releases: ["1.0.0+1"] });
    const { get, health, program } = await serving(world);
    const { next } = await health();
    const good = {
      domain: "ci.test",
      state: "./state",
      driver: "command",
      upstream: `${world.upstreams}/{recipe}`,
    };
    writeFileSync(join(world.configuration, "sweep.yaml"), '{"domain": "ci.test", "shedule": 1}');
    program.child.kill("SIGHUP");
    await program.said("the configuration stays as it was");
    expect((await health()).next).toBe(next);
    const other = { ...good, ...listen, schedule: inSeconds(7_200) };
    writeFileSync(join(world.configuration, "sweep.yaml"), JSON.stringify(other));
    program.child.kill("SIGHUP");
    await program.said("is in force");
    expect((await health()).next).not.toBe(next);
    expect((await get("/healthz")).status).toBe(200);
    program.child.kill("SIGTERM");
    expect((await program.end).exit).toBe(0);
  });

  it("TERM in the middle of a sweep lets it roll back and write its report, and then ends", async () => {
    const world = fallsDueSoon();
    const notes = world.recipe("notes", {
      releases: ["1.0.0+1"],
      files: { "tests/custom/waits": waits(world) },
    });
    const { program } = await serving(world);
    await until(() => isWaiting(world));
    program.child.kill("SIGTERM");
    expect((await program.end).exit).toBe(0);
    expect(labelsOf(world.report())).toEqual({ notes: "NOT-RUN (interrupted)" });
    expect(notes.record()).toBeNull();
    expect(world.processes()).toEqual([]);
    expect(world.read("daemon.json")).toContain('"exit": 143');
  });

  it("lets in GET and HEAD for a host that is its own, and nothing else", async () => {
    const world = createWorld({ ...listen, schedule: NOT_NOW(), allowedHosts: ["sweep.test"] });
    const { get, program, said } = await serving(world);
    const status = async (headers: Record<string, string>, method?: string) =>
      (await get("/healthz", headers, method)).status;
    expect(await status({})).toBe(200);
    expect(await status({}, "HEAD")).toBe(200);
    expect(await status({ host: "sweep.test:80" })).toBe(200);
    expect(await status({ host: "evil.test" })).toBe(421);
    expect(await status({ origin: "https://evil.test" })).toBe(403);
    expect(await status({ host: "sweep.test", origin: "http://sweep.test" })).toBe(200);
    for (const method of ["POST", "DELETE", "OPTIONS"]) expect(await status({}, method)).toBe(405);
    expect((await get("/nothing")).status).toBe(404);
    expect((await get("/%ff")).status).toBe(400);
    const port = Number(/at http:\/\/127\.0\.0\.1:(\d+)/.exec(said())?.[1]);
    const many = Array.from({ length: 200 }, () => connect(port, "127.0.0.1").on("error", () => {}));
    await Promise.all(many.slice(0, 60).map((socket) => socket.write("GET /healthz HTTP/1.1\r\n")));
    await until(() => many.filter((socket) => socket.destroyed || socket.readableEnded).length > 100);
    for (const socket of many) socket.destroy();
    await expect.poll(() => status({}).catch(() => 0), { timeout: 10_000 }).toBe(200);
    program.child.kill("SIGTERM");
    await program.end;
  });

  it("hands out the script that its pages name", async () => {
    const { get, program } = await serving(createWorld({ ...listen, schedule: NOT_NOW() }));
    const script = /src="(\/live-[0-9a-f]+\.js)"/.exec((await get("/")).body)?.[1] ?? "";
    expect((await get(script)).body).toContain("EventSource");
    program.child.kill("SIGTERM");
    await program.end;
  });

  it("refuses an address that other machines reach, unless it is allowed", async () => {
    const world = createWorld({ listen: "0.0.0.0:0" });
    const end = await world.call("serve");
    expect(end.exit).toBe(2);
    expect(end.stderr).toContain("allowRemote");
    world.configure({ allowRemote: true });
    const { program } = await serving(world);
    program.child.kill("SIGTERM");
    await program.end;
  });
});

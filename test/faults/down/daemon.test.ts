import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { RunningProgram } from "../../support/program.ts";
import { until, type World } from "../../support/world.ts";
import { expectDown, expectMended, type LiveWorld, liveWorld, NEW } from "./live-world.ts";

const LIMIT = { timeout: 600_000 };
const DAY_S = 86_400;

/** Cron for a moment so many seconds from now, every day. */
function inSeconds(seconds: number): string {
  const at = new Date(Date.now() + seconds * 1000);
  return `${at.getUTCSeconds()} ${at.getUTCMinutes()} ${at.getUTCHours()} * * *`;
}

interface Serving {
  program: RunningProgram;
  read(path: string): Promise<string>;
}

async function serve(world: World): Promise<Serving> {
  const program = world.start("serve");
  let said = "";
  program.child.stderr?.on("data", (part: string) => {
    said += part;
  });
  await program.said('"at http');
  const url = /at (http:[^"]+)"/.exec(said)?.[1] ?? "";
  return { program, read: async (path) => (await fetch(`${url}${path}`)).text() };
}

/** The daemon's next sweep falls due in a moment, and then not for a day. */
function fallsDue({ world }: LiveWorld): void {
  world.configure({ schedule: inSeconds(3) });
  mkdirSync(world.state, { recursive: true });
  const since = new Date(Date.now() - 1_000).toISOString();
  writeFileSync(join(world.state, "daemon.json"), JSON.stringify({ schema: 1, since, lastFire: null }));
}

const isMended =
  ({ world }: LiveWorld) =>
  () =>
    world.read("canonical/notes/promotion.json") === null && world.read("canonical/notes/down.json") === null;

describe("the daemon", LIMIT, () => {
  test("mends a canonical that its sweep left down soon after it can start, and shows it as down until then", async () => {
    const live = await liveWorld();
    const { world } = live;
    live.forbid();
    fallsDue(live);
    const { program, read } = await serve(world);
    await until(() => world.read("canonical/notes/down.json") !== null, 200_000);
    await program.said("tried again from ");
    await expectDown(live, /it may not start/);
    const page = await read("/");
    expect(page).toMatch(/<title>1 DOWN · /);
    expect(page).toMatch(/id="down"[\s\S]*notes[\s\S]*it may not start[\s\S]*canonical-sweep roll/);
    expect(page).toMatch(/id="r-notes"/);
    const metrics = await read("/metrics");
    expect(metrics).toContain("canonical_sweep_down_canonicals 1");
    expect(metrics).toMatch(/canonical_sweep_down_since_timestamp_seconds\{recipe="notes"\} \d+/);
    expect(metrics).toContain("canonical_sweep_needs_person_recipes 1");
    expect(JSON.parse(await read("/healthz"))).toMatchObject({ ok: true });
    live.allow();
    await until(isMended(live), 200_000);
    await program.said("notes: not down any longer");
    await expectMended(live);
    expect(await read("/metrics")).toContain("canonical_sweep_down_canonicals 0");
    expect(await read("/")).not.toContain('id="down"');
    program.child.kill("SIGTERM");
    expect((await program.end).exit).toBe(0);
  });

  test("mends a canonical that is down after a kill and a new start, long before the next sweep", async () => {
    const live = await liveWorld({ settings: { schedule: inSeconds(DAY_S / 2) } });
    const { world } = live;
    live.forbid();
    expect((await world.call("sweep")).exit).toBe(3);
    const first = await serve(world);
    await first.program.said("tried again from ");
    first.program.child.kill("SIGKILL");
    await first.program.end;
    live.allow();
    const second = await serve(world);
    await until(isMended(live), 200_000);
    await expectMended(live);
    second.program.child.kill("SIGTERM");
    await second.program.end;
    expect(world.report().recipes.map(({ target }) => target?.version)).toEqual([NEW]);
  });
});

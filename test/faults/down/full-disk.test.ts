import { cpSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CleanReport } from "../../../src/records/clean.ts";
import { type ProgramEnd, startProgram } from "../../support/program.ts";
import { report } from "../fault.ts";
import { shareOf } from "../share.ts";
import { mountSmallDisk, NO_MOUNT } from "../state/small-disk.ts";
import { expectMended, type LiveWorld, liveWorld, NEW, OLD } from "./live-world.ts";

const FILL_POINT = fileURLToPath(new URL("../../programs/fill-point.mjs", import.meta.url));
const STEPS = [
  ...["settle", "stop", "snapshot", "clear", "deploy", "read-back", "sentinel", "rollback"],
  // To these only a release comes that is good.
  ...["retain", "record"],
];
const IS_GOOD = /^(retain|record)/;
const POINTS = STEPS.flatMap((after) => (["space", "inodes"] as const).map((what) => [what, after] as const));
/** A million inodes more would take long to use up. */
const OPTIONS = "size=12m,nr_inodes=1500";

const ends: (() => void | Promise<void>)[] = [];
let live: LiveWorld;

beforeAll(async () => {
  if (NO_MOUNT !== null) return;
  live = await liveWorld({ settings: { disk: { minFree: "1B" } }, whenDone: (end) => ends.push(end) });
  await live.world.json("plan");
  cpSync(live.world.state, saved(), { recursive: true, preserveTimestamps: true });
});
afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

const saved = () => join(live.world.root, "saved");

/** The world as it was seeded, with a small disk, on which the old version runs. */
async function reset(): Promise<void> {
  const { state } = live.world;
  for (const pid of live.world.processes()) process.kill(pid, "SIGKILL");
  for (const name of readdirSync(state)) rmSync(join(state, name), { recursive: true, force: true });
  cpSync(saved(), state, { recursive: true, preserveTimestamps: true });
  const rolled = await live.world.call("roll");
  expect(rolled.exit, rolled.stderr).toBe(0);
}

/** Runs the recipe, with the disk used up as soon as this is on it. */
async function runAndFill(after: string, what: string): Promise<ProgramEnd> {
  const { configuration, state } = live.world;
  const fill = { FILL_STATE: state, FILL_AFTER: after, FILL_WITH: what };
  const env = { NODE_OPTIONS: `--import=${FILL_POINT}`, ...fill };
  const run = await startProgram(["--config", configuration, "run", "notes"], { env }).end;
  expect(readdirSync(join(state, ".filler")).length, run.stderr).toBeGreaterThan(10);
  return run;
}

describe("a disk that fills up while a live canonical is advanced", { timeout: 600_000 }, () => {
  test.for(shareOf(POINTS))(
    "leaves no %s after the step %s: the canonical is said to be down, and mended when there is room again",
    async ([what, after], context) => {
      if (NO_MOUNT !== null) return context.skip(NO_MOUNT);
      const { world } = live;
      const disk = mountSmallDisk(world.state, OPTIONS);
      context.onTestFinished(() => disk.unmount());
      await reset();
      live.spoils(!IS_GOOD.test(after));
      const run = await runAndFill(after, what);
      expect([3, 5], run.stderr).toContain(run.exit);
      const answered = await live.answer();
      const isSettled = live.journal() === null;
      // Nothing but a promotion that is settled may be silent.
      if (isSettled) expect(answered, run.stderr).toBe(OLD);
      else expect((await live.status()).down.map(({ recipe }) => recipe)).toEqual(["notes"]);
      if (!isSettled) {
        const full = await world.call("clean");
        expect(full.exit === 0, full.stderr).toBe(live.journal() === null);
        if (full.exit === 0) expect(await live.answer()).toBe(OLD);
      }
      disk.free();
      const { document, exit, stderr } = await world.json<CleanReport>("clean");
      expect([exit, document.unsettled], stderr).toEqual([0, []]);
      await expectMended(live);
      report(context, {
        kind: "bad state",
        name: `advance, live: no ${what} after its step ${after}`,
        outcome: isSettled
          ? "rolled back at once, up"
          : "down is said; up again with the next run that has room",
        lost: [],
        touched: [],
      });
    },
  );

  test.for(["space", "inodes"])(
    "leaves no %s once the record is replaced: nothing is rolled back, and the next run ends the promotion",
    async (what, context) => {
      if (NO_MOUNT !== null) return context.skip(NO_MOUNT);
      const { world } = live;
      const disk = mountSmallDisk(world.state, OPTIONS);
      context.onTestFinished(() => disk.unmount());
      await reset();
      live.spoils(false);
      await runAndFill("recorded", what);
      expect([live.notes.record()?.version, await live.answer()]).toEqual([NEW, NEW]);
      disk.free();
      const { exit, stderr } = await world.json<CleanReport>("clean");
      expect(exit, stderr).toBe(0);
      expect([live.journal(), live.notes.record()?.version, await live.answer()]).toEqual([null, NEW, NEW]);
      expect((await live.status()).down).toEqual([]);
      expect(world.read("canonical/notes/history.jsonl")).toMatch(/"event":"advance"[^\n]*\n$/);
      report(context, {
        kind: "bad state",
        name: `advance, live: no ${what} once its record is replaced`,
        outcome: "new record, new data, up",
        lost: [],
        touched: [],
      });
    },
  );
});

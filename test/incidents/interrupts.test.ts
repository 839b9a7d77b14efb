import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isWaiting, letGo, waits } from "../support/waiting.ts";
import { createWorld, labelsOf, rowOf, until } from "../support/world.ts";

describe("a run that is ended early", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s tears down what is under way, leaves no process, and exits %i", async (signal, exit) => {
    const world = createWorld();
    const a = world.recipe("a", { releases: ["1.0.0+1"], files: { "tests/custom/waits": waits(world) } });
    world.recipe("b", { releases: ["1.0.0+1"] });
    const sweep = world.start("--json", "sweep");
    await until(() => isWaiting(world));
    sweep.child.kill(signal);
    const end = await sweep.end;
    expect(end.exit, end.stderr).toBe(exit);
    const report = JSON.parse(end.stdout);
    expect(labelsOf(report)).toEqual({ a: "NOT-RUN (interrupted)", b: "NOT-RUN (interrupted)" });
    expect(rowOf(report, "a").tiers.at(-1)).toMatchObject({ status: "not-reached", because: "machinery" });
    expect(report.exit).toBe(exit);
    expect(world.report()).toEqual(report);
    expect(a.record()).toBeNull();
    expect(world.processes()).toEqual([]);
    expect(existsSync(join(world.state, "scratch", report.run))).toBe(false);
  });

  it("SIGTERM in the middle of a promotion rolls it back at once: the old record and the old data", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
    await world.json("sweep");
    const before = [notes.recordText(), notes.notes()];
    notes.publish(
      "1.1.0+1",
      `[ "$SWEEP_INSTANCE" = cold ] || { echo spoilt >"$SWEEP_DATA/notes.txt"; touch ${world.root}/waiting; sleep 600; }`,
    );
    const sweep = world.start("--json", "sweep");
    await until(() => isWaiting(world));
    sweep.child.kill("SIGTERM");
    const end = await sweep.end;
    expect(end.exit).toBe(143);
    expect(labelsOf(JSON.parse(end.stdout))).toEqual({
      notes: "GREEN-BUT-PROMOTE-FAILED (canonical=1.0.0+1, expected 1.1.0+1)",
    });
    expect([notes.recordText(), notes.notes()]).toEqual(before);
    expect(world.read("canonical/notes/promotion.json")).toBeNull();
    expect(world.processes()).toEqual([]);
  });

  it("`stop` lets the current recipe end and starts no other", async () => {
    const world = createWorld();
    world.recipe("a", { releases: ["1.0.0+1"], files: { "tests/custom/waits": waits(world) } });
    world.recipe("b", { releases: ["1.0.0+1"] });
    const sweep = world.start("--json", "sweep");
    await until(() => isWaiting(world));
    const stop = await world.call("stop");
    expect(stop.exit, stop.stderr).toBe(0);
    letGo(world);
    const end = await sweep.end;
    expect(labelsOf(JSON.parse(end.stdout))).toEqual({
      a: "PASS (promoted 1.0.0+1)",
      b: "NOT-RUN (stopped)",
    });
    expect(end.exit).toBe(3);
    expect(labelsOf((await world.json("sweep")).document)).toEqual({
      a: "SKIP no-new-version",
      b: "PASS (promoted 1.0.0+1)",
    });
  });
});

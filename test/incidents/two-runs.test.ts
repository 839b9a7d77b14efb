import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { script } from "../support/sample-app.ts";
import { isWaiting, letGo, waits } from "../support/waiting.ts";
import { createWorld, labelsOf, until } from "../support/world.ts";

describe("two runs at a time", () => {
  it("two-sweeps: the second exits with 75 and names the holder of the lock and its start; the first goes on", async () => {
    const world = createWorld();
    world.recipe("notes", { releases: ["1.0.0+1"], files: { "tests/custom/waits": waits(world) } });
    const first = world.start("--json", "sweep");
    await until(() => isWaiting(world));
    const run = world.runs().at(-1) ?? "none";
    for (const words of [
      ["sweep"],
      ["run", "notes"],
      ["clean"],
      ["revoke", "notes", "--reason", "r"],
      ["roll"],
      ["adopt", "notes", "--version", "1.0.0+1"],
    ]) {
      const second = await world.call(...words);
      expect(second.exit, words.join(" ")).toBe(75);
      expect(second.stderr).toContain(`run ${run}`);
      expect(second.stderr).toMatch(/since \d{4}-\d\d-\d\dT/);
      expect(second.stderr).toContain(`process ${first.child.pid}`);
      expect(second.stdout).toBe("");
    }
    letGo(world);
    const end = await first.end;
    expect(end.exit, end.stderr).toBe(0);
    expect(labelsOf(JSON.parse(end.stdout))).toEqual({ notes: "PASS (promoted 1.0.0+1)" });
  });

  it("two-sweeps: the sweep's limit ends a wedged one, its children and grandchildren included", async () => {
    const world = createWorld({ timeouts: { sweep: "8s" } });
    const wedged = world.recipe("a-wedged");
    wedged.publish(
      "1.0.0+1",
      "trap '' TERM; setsid bash -c \"trap '' TERM; sleep 600; :\" & (trap '' TERM; sleep 600; :) & wait",
    );
    world.recipe("b-waits", { releases: ["1.0.0+1"] });
    const { document, exit } = await world.json("sweep");
    expect(labelsOf(document)).toEqual({
      "a-wedged": "NOT-RUN (sweep-deadline)",
      "b-waits": "NOT-RUN (sweep-deadline)",
    });
    expect(exit).toBe(3);
    expect(world.processes()).toEqual([]);
    expect(wedged.record()).toBeNull();
  });

  it("`plan` beside a sweep uses the cached answers, and says so", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", {
      releases: ["1.0.0+1"],
      files: { "tests/custom/waits": waits(world) },
    });
    const sweep = world.start("sweep");
    await until(() => isWaiting(world));
    notes.publish("1.1.0+1");
    const beside = await world.json<{ rows: { latest: { version: string } }[]; notes: string[] }>("plan");
    expect(beside.document.rows[0]?.latest.version).toBe("1.0.0+1");
    expect(beside.document.notes.join()).toContain("is at work");
    letGo(world);
    await sweep.end;
    const after = await world.json<typeof beside.document>("plan");
    expect(after.document.rows[0]?.latest.version).toBe("1.1.0+1");
  });

  it("a change of the configuration during a sweep counts for the next one", async () => {
    const world = createWorld();
    world.recipe("a", { releases: ["1.0.0+1"], files: { "tests/custom/waits": waits(world) } });
    const later = world.recipe("b", { releases: ["1.0.0+1"] });
    const sweep = world.start("--json", "sweep");
    await until(() => isWaiting(world));
    later.change({ files: { "tests/custom/new": script("exit 1"), deploy: script("exit 1") } });
    writeFileSync(join(world.configuration, "sweep.yaml"), "nonsense");
    letGo(world);
    const end = await sweep.end;
    expect(labelsOf(JSON.parse(end.stdout))).toMatchObject({ b: "PASS (promoted 1.0.0+1)" });
    const next = await world.call("sweep");
    expect(next.exit).toBe(2);
  });
});

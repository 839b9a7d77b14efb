import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SAYS_ITS_VERSION, script } from "../support/sample-app.ts";
import { createWorld, labelsOf, rowOf } from "../support/world.ts";

describe("one of two sweeps in a row", () => {
  it("run-twice: is quiet about a recipe at its latest release, runs the rest again and says why", async () => {
    const world = createWorld();
    world.recipe("green", { releases: ["1.0.0+1"] });
    world.recipe("red", {
      releases: ["1.0.0+1"],
      files: { "tests/custom/red": script('echo "error: no"; exit 1') },
    });
    world.recipe("unasked", { settings: { upstream: `${world.root}/nowhere` } });
    const warmless = world.recipe("warmless");
    warmless.publish("1.0.0+1", '[ "$SWEEP_INSTANCE" = cold ] || { echo "error: no warm app"; exit 1; }');
    const first = await world.json("sweep");
    const second = await world.json("sweep");
    const third = await world.json("sweep");
    const stays = {
      red: "FAIL (red at custom; canonical unchanged: none)",
      unasked: "BLOCKED (sync-failed)",
      warmless: "GREEN-BUT-PROMOTE-FAILED (canonical=none, expected 1.0.0+1)",
    };
    expect(labelsOf(first.document)).toEqual({ green: "PASS (promoted 1.0.0+1)", ...stays });
    expect(labelsOf(second.document)).toEqual({ green: "SKIP no-new-version", ...stays });
    expect(second.document.changes).toEqual([
      { recipe: "green", before: "PASS (promoted 1.0.0+1)", after: "SKIP no-new-version" },
    ]);
    expect(third.document.changes).toEqual([]);
    for (const row of second.document.recipes) {
      expect(row.detail).not.toBe("");
      expect(row.decision.reasons.length).toBeGreaterThan(0);
    }
    expect([first.exit, second.exit, third.exit]).toEqual([3, 3, 3]);
    expect(world.processes()).toEqual([]);
  });

  it("keeps as many runs as `keep:` says, and longer the one that a record names; removes none while a record is unreadable", async () => {
    const world = createWorld({ keep: { runs: 2 } });
    const green = world.recipe("green", { releases: ["1.0.0+1"] });
    world.recipe("red", { releases: ["1.0.0+1"], files: { "tests/custom/red": script("exit 1") } });
    await world.call("sweep");
    const [first] = world.runs();
    expect(green.record()?.run).toBe(first);
    for (const _ of [2, 3]) await world.call("sweep");
    const [, second] = world.runs();
    const record = join(world.state, "canonical/green/canonical.json");
    const text = readFileSync(record, "utf8");
    writeFileSync(record, "{");
    await world.call("sweep");
    expect(world.runs()).toHaveLength(4);
    writeFileSync(record, text);
    await world.call("sweep");
    expect(world.runs()).toHaveLength(4);
    expect(world.runs()).toContain(first);
    expect(world.runs()).not.toContain(second);
    expect(world.read("runs", world.runs().at(-1) ?? "", "journal.jsonl")).toContain(`"removed":"${second}"`);
  });

  it("silent-exception: has a row with a reason for every enrolled recipe, and shows a hold and an acknowledgement", async () => {
    const world = createWorld();
    world.recipe("held", { releases: ["1.0.0+1"] });
    world.recipe("known", { releases: ["1.0.0+1"], files: { "tests/custom/red": script("exit 1") } });
    world.recipe("unreleased").upstream.commit({ version: "none" });
    world.recipe("declined", { settings: { canonical: false, reason: "it has no tests yet" } });
    await world.call(
      "hold",
      "held",
      "--reason",
      "waits for a fix",
      "--until",
      "2999-01-31",
      "--owner",
      "ann",
    );
    await world.call("acknowledge", "known", "--reason", "a known red", "--until", "2999-01-31");
    const { document, exit } = await world.json("sweep");
    expect(labelsOf(document)).toEqual({
      held: "SKIP held (waits for a fix, until 2999-01-31)",
      known: "FAIL (red at custom; canonical unchanged: none)",
      unreleased: "SKIP never-released",
    });
    expect(rowOf(document, "held").detail).toContain("ann");
    expect(rowOf(document, "known").acknowledged).toMatchObject({
      reason: "a known red",
      until: "2999-01-31",
    });
    expect(document.notEnrolled).toEqual([{ recipe: "declined", reason: "it has no tests yet" }]);
    expect(document.honesty).toMatchObject({ enrolled: 3, skipped: 2, failed: 1, hollow: false });
    expect(exit).toBe(3);
    await world.call("release", "held");
    expect(rowOf((await world.json("sweep")).document, "held").label).toBe("PASS (promoted 1.0.0+1)");
  });

  it("weakened-test: holds the promotion back for a test that the last green had and this one lacks or skips", async () => {
    const world = createWorld();
    const custom = "tests/custom/login";
    const notes = world.recipe("notes", { releases: ["1.0.0+1"], files: { [custom]: SAYS_ITS_VERSION } });
    await world.json("sweep");
    notes.publish("1.1.0+1");
    notes.change({ files: { [custom]: null } });
    const deleted = await world.json("sweep");
    expect(rowOf(deleted.document, "notes").label).toMatch(
      /^PASS-NOT-PROMOTED \(1\.1\.0\+1; weakened: the last green had .*test custom\/login/,
    );
    expect(deleted.exit).toBe(3);
    notes.change({
      files: { [custom]: script('echo "not today"; exit 77'), "tests/custom/b": SAYS_ITS_VERSION },
    });
    const skipped = await world.json("sweep");
    expect(rowOf(skipped.document, "notes").label).toMatch(
      /^PASS-NOT-PROMOTED \(1\.1\.0\+1; weakened: .*custom\/login/,
    );
    expect(notes.record()?.version).toBe("1.0.0+1");
    notes.change({ settings: { tests: { "custom/login": { reason: "the login is gone since 1.1" } } } });
    const stated = await world.json("sweep");
    expect(labelsOf(stated.document)).toEqual({ notes: "PASS (promoted 1.1.0+1)" });
  });
});

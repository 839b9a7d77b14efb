import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SAYS_ITS_VERSION, script } from "../support/sample-app.ts";
import { createWorld, labelsOf, rowOf } from "../support/world.ts";

describe("a run by hand", () => {
  it("overrides a hold, and says that a recipe has no release", async () => {
    const world = createWorld();
    world.recipe("held", { releases: ["1.0.0+1"] });
    world.recipe("fresh", { releases: ["1.0.0+1"] });
    world.recipe("unreleased").upstream.commit({ version: "none" });
    await world.call("hold", "held", "--reason", "r", "--until", "2999-01-31");
    const held = await world.json("run", "held");
    expect([labelsOf(held.document), held.exit]).toEqual([{ held: "PASS (promoted 1.0.0+1)" }, 0]);
    const unreleased = await world.json("run", "unreleased");
    expect(labelsOf(unreleased.document)).toEqual({ unreleased: "SKIP never-released" });
    for (const words of [
      ["run", "nobody"],
      ["run", "held", "--tag", "9.9.9+9"],
      ["run", "held", "--ref", "nowhere"],
      ["run", "held", "--ref=--upload-pack=touch"],
      ["run", "held", "--tag", "1.0.0+1", "--ref", "main"],
      ["run", "fresh", "--quick"],
      ["adopt", "held", "--version", "9.9.9+9"],
    ]) {
      const end = await world.call(...words);
      expect(end.exit, `${words.join(" ")}: ${end.stdout}${end.stderr}`).toBe(2);
      expect(end.stdout).toBe("");
    }
  });

  it("takes a release that `broken` names neither as a target nor as a base", async () => {
    const world = createWorld();
    world.recipe("notes", {
      settings: { broken: { "1.1.0+1": "its image is gone" } },
      releases: ["1.0.0+1", "1.1.0+1"],
    });
    const { document } = await world.json("sweep");
    expect(labelsOf(document)).toEqual({ notes: "PASS (promoted 1.0.0+1)" });
    expect((await world.call("run", "notes", "--tag", "1.1.0+1")).exit).toBe(2);
  });

  it("disk-budget: tests nothing where the disk has no room, and calls that machinery, not a red", async () => {
    const world = createWorld({ disk: { minFree: "900TiB" } });
    const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
    const { document, exit, stderr } = await world.json("sweep");
    expect(labelsOf(document).notes, stderr).toMatch(/^(BLOCKED|NOT-RUN) \(machinery: .*disk/);
    expect(exit).not.toBe(0);
    expect(notes.record()).toBeNull();
  });

  it("disk-budget: promotes nothing without room for it, and leaves nothing half-written", async () => {
    const world = createWorld({ disk: { minFree: "1MiB", canonicals: "1B" } });
    const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
    await world.json("sweep");
    const before = [notes.recordText(), notes.notes()];
    notes.publish("1.1.0+1");
    const { document, exit } = await world.json("sweep");
    expect(rowOf(document, "notes").label).toMatch(/^PASS-NOT-PROMOTED \(1\.1\.0\+1; disk: /);
    expect(exit).toBe(3);
    expect([notes.recordText(), notes.notes()]).toEqual(before);
  });
});

describe("a run with options of its own", () => {
  it("`run --keep` leaves the app up for a look, and `clean` removes it", async () => {
    const world = createWorld();
    world.recipe("notes", {
      releases: ["1.0.0+1"],
      files: { "tests/custom/url": script(`echo "$SWEEP_URL" >${world.root}/url`) },
    });
    const { document, exit } = await world.json("run", "notes", "--keep", "--no-promote");
    const row = rowOf(document, "notes");
    expect(row.label).toBe("PASS-NOT-PROMOTED (1.0.0+1; by-request: --no-promote)");
    expect(exit).toBe(0);
    expect(row.warnings?.join()).toMatch(/left up.*canonical-sweep clean/);
    const url = readFileSync(join(world.root, "url"), "utf8").trim();
    expect(await (await fetch(url)).text()).toBe("1.0.0+1");
    const dry = await world.json<{ removed: string[] }>("clean", "--dry-run");
    expect(dry.document.removed.length).toBeGreaterThan(0);
    expect(world.processes().length).toBeGreaterThan(0);
    await world.json("clean");
    expect(world.processes()).toEqual([]);
    expect(existsSync(join(world.state, "scratch", document.run))).toBe(false);
  });

  it("`run --tier` tests only that tier, on its install, and promotes nothing", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", {
      releases: ["1.0.0+1", "1.1.0+1"],
      files: { "tests/custom/a": SAYS_ITS_VERSION },
    });
    const { document, exit } = await world.json("run", "notes", "--tier", "custom");
    const row = rowOf(document, "notes");
    expect(row.label).toBe("PASS-NOT-PROMOTED (1.1.0+1; by-request: --tier)");
    expect(row.tiers.map((end) => end.tier)).toEqual(["install", "custom"]);
    expect(row.notPlanned).toContainEqual({ tier: "upgrade", reason: "not asked for" });
    expect(exit).toBe(0);
    expect(notes.record()).toBeNull();
  });
});

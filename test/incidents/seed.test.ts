import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createWorld, rowOf, type SampleRecipe, type World } from "../support/world.ts";

const ONLY_WARM = '[ "$SWEEP_INSTANCE" = cold ] || ';

/** Nothing of a failed seed may be left: no record, no data, nothing kept, nothing that runs. */
function expectNothingLeft(world: World, recipe: SampleRecipe): void {
  expect(recipe.record()).toBeNull();
  for (const folder of [`data/${recipe.name}`, `canonical/${recipe.name}/kept`, `snapshots/${recipe.name}`])
    expect(existsSync(join(world.state, folder)), folder).toBe(false);
  expect(world.read("canonical", recipe.name, "promotion.json")).toBeNull();
  expect(world.processes()).toEqual([]);
}

describe("a seed that fails", () => {
  it("promote-failed-called-pass: a record that cannot be written is no promotion, whatever else succeeded", async () => {
    const world = createWorld();
    const record = join(world.state, "canonical/notes/canonical.json");
    const notes = world.recipe("notes", { commands: { logs: `rm -rf ${record}` } });
    notes.publish("1.0.0+1", `${ONLY_WARM}mkdir -p ${record}/in-the-way`);
    const { document, exit } = await world.json("sweep");
    expect(rowOf(document, "notes").label).toBe(
      "GREEN-BUT-PROMOTE-FAILED (canonical=none, expected 1.0.0+1)",
    );
    expect(document.honesty).toMatchObject({ passed: 0, promoted: 0, promoteFailed: 1 });
    expect(exit).toBe(3);
    expect(existsSync(join(world.state, "data/notes"))).toBe(false);
    expect(world.processes()).toEqual([]);
  });

  it("promote-failed-called-pass: a record that cannot be read afterwards is no pass either", async () => {
    const world = createWorld();
    const record = join(world.state, "canonical/notes/canonical.json");
    const notes = world.recipe("notes");
    notes.publish("1.0.0+1", `${ONLY_WARM}mkdir -p ${record}/in-the-way`);
    const { document, exit } = await world.json("sweep");
    expect(rowOf(document, "notes").label).toMatch(/^BLOCKED \(canonical-unreadable: /);
    expect(document.honesty).toMatchObject({ passed: 0, promoted: 0, blocked: 1 });
    expect(exit).toBe(3);
  });

  it("promote-failed-called-pass: a deploy that exits 0 and runs the old version is read back", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
    await world.json("sweep");
    const [record, data] = [notes.recordText(), notes.notes()];
    notes.publish("1.1.0+1", `${ONLY_WARM}echo 1.0.0+1 >"$SWEEP_CHECKOUT/version"`);
    const { document, exit } = await world.json("sweep");
    const row = rowOf(document, "notes");
    expect(row.label).toBe("GREEN-BUT-PROMOTE-FAILED (canonical=1.0.0+1, expected 1.1.0+1)");
    expect(row.detail).toContain("1.0.0+1 runs after 1.1.0+1 was deployed");
    expect(exit).toBe(3);
    expect([notes.recordText(), notes.notes()]).toEqual([record, data]);
  });

  it("promote-unhealthy-404: a warm app that answers 404 fails the promotion, which leaves nothing behind", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { settings: { timeouts: { promote: "5s" } } });
    notes.publish("1.0.0+1", `${ONLY_WARM}flags=(--status=404)`);
    const { document, exit } = await world.json("sweep");
    const row = rowOf(document, "notes");
    expect(row.label).toBe("GREEN-BUT-PROMOTE-FAILED (canonical=none, expected 1.0.0+1)");
    expect(row.detail).toMatch(/health.*timeouts\.promote.*HTTP 404/);
    expect(row.promotion).toMatchObject({ result: "rolled-back", step: "deploy" });
    expect(world.read("runs", document.run, row.brief ?? "none")).toContain("HTTP 404");
    expect(exit).toBe(3);
    expectNothingLeft(world, notes);
  });

  it("promote-timeout: the warm deploy runs into its limit, and nothing is left behind", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { settings: { timeouts: { promote: "3s" } } });
    notes.publish("1.0.0+1", `${ONLY_WARM}{ echo pulling; sleep 600; }`);
    const { document } = await world.json("sweep");
    const row = rowOf(document, "notes");
    expect(row.label).toBe("GREEN-BUT-PROMOTE-FAILED (canonical=none, expected 1.0.0+1)");
    expect(row.detail).toMatch(/deploy.*3\.0s.*timeouts\.promote.*pulling/);
    expect(row.promotion?.durationMs).toBeLessThan(20_000);
    expectNothingLeft(world, notes);
  });

  it("secret-residue: the things that a failed seed made are gone, and the next try starts clean", async () => {
    const world = createWorld();
    const repaired = join(world.root, "repaired");
    const notes = world.recipe("notes", {
      settings: { env: { SAMPLE_MODE: "one" } },
      files: {
        "before-deploy.sh": [
          'if [ "$SWEEP_INSTANCE" = warm ] && [ ! -e "$SWEEP_DATA/notes.txt" ]; then',
          '  [ ! -e "$SWEEP_DATA/secret" ] || { echo "fatal: secret already exists"; exit 1; }',
          '  echo 1 >"$SWEEP_DATA/secret"',
          `  [ -e ${repaired} ] || { echo "error: no disk"; exit 1; }`,
          "fi",
        ].join("\n"),
      },
      releases: ["1.0.0+1"],
    });
    for (const _ of [1, 2]) {
      const { document } = await world.json("sweep");
      expect(rowOf(document, "notes").detail).toContain("error: no disk");
      expectNothingLeft(world, notes);
    }
    writeFileSync(repaired, "");
    expect(rowOf((await world.json("sweep")).document, "notes").label).toBe("PASS (promoted 1.0.0+1)");
  });

  it("lost-secrets: a seed that cannot start again on its own volumes does not count", async () => {
    const world = createWorld();
    const notes = world.recipe("notes");
    notes.publish(
      "1.0.0+1",
      `${ONLY_WARM}[ ! -e "$SWEEP_DATA/notes.txt" ] || { echo "error: password authentication failed"; exit 1; }`,
    );
    const { document } = await world.json("sweep");
    const row = rowOf(document, "notes");
    expect(row.label).toBe("GREEN-BUT-PROMOTE-FAILED (canonical=none, expected 1.0.0+1)");
    expect(row.detail).toContain("password authentication failed");
    expect(row.promotion?.step).toBe("sentinel");
    expectNothingLeft(world, notes);
  });
});

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createWorld, rowOf } from "../support/world.ts";

const ONLY_WARM = '[ "$SWEEP_INSTANCE" = cold ] || ';

describe("a record that this program did not write", () => {
  it("a record that cannot be read, or is of a newer schema, blocks its recipe and stays as it is", async () => {
    const world = createWorld();
    const torn = world.recipe("torn", { releases: ["1.0.0+1"] });
    const newer = world.recipe("newer", { releases: ["1.0.0+1"] });
    world.recipe("sound", { releases: ["1.0.0+1"] });
    const texts = { torn: '{"recipe": "torn", "ver', newer: '{"schema": 99, "recipe": "newer"}' };
    for (const [name, text] of Object.entries(texts)) {
      mkdirSync(join(world.state, "canonical", name), { recursive: true });
      writeFileSync(join(world.state, "canonical", name, "canonical.json"), text);
    }
    const { document, exit } = await world.json("sweep");
    expect(rowOf(document, "torn").label).toBe("BLOCKED (canonical-unreadable)");
    expect(rowOf(document, "newer").label).toBe("BLOCKED (canonical-unreadable)");
    expect(rowOf(document, "sound").label).toBe("PASS (promoted 1.0.0+1)");
    expect(exit).toBe(3);
    expect([torn.recordText(), newer.recordText()]).toEqual([texts.torn, texts.newer]);
    const byHand = await world.json("run", "torn");
    expect(rowOf(byHand.document, "torn").label).toBe("BLOCKED (canonical-unreadable)");
    expect(torn.recordText()).toBe(texts.torn);
    const revoke = await world.call("revoke", "torn", "--reason", "r");
    expect(revoke.exit).not.toBe(0);
    expect(torn.recordText()).toBe(texts.torn);
  });

  it("data without a record blocks its recipe until it is given up, and then a seed starts fresh", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
    mkdirSync(join(world.state, "data/notes"), { recursive: true });
    writeFileSync(join(world.state, "data/notes/notes.txt"), "precious\n");
    const blocked = await world.json("sweep");
    expect(rowOf(blocked.document, "notes").label).toBe("BLOCKED (canonical-unreadable)");
    expect(rowOf(blocked.document, "notes").detail).toContain("canonical-sweep adopt notes --version V");
    expect(notes.notes()).toBe("precious\n");
    const discarded = await world.json<{ removed: string[] }>("clean", "--discard", "notes");
    expect(discarded.exit, discarded.stderr).toBe(0);
    expect(discarded.document.removed.join()).toContain("data/notes");
    expect(rowOf((await world.json("sweep")).document, "notes").label).toBe("PASS (promoted 1.0.0+1)");
    expect(notes.notes()).toBe("the sentinel of notes\n");
    const refused = await world.call("clean", "--discard", "notes");
    expect(refused.exit).not.toBe(0);
    expect(notes.notes()).toBe("the sentinel of notes\n");
  });

  it("data without a record is adopted at a version, is shown as adopted, and advances from there", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
    mkdirSync(join(world.state, "data/notes"), { recursive: true });
    writeFileSync(join(world.state, "data/notes/notes.txt"), "precious\n");
    const unknown = await world.call("adopt", "notes", "--version", "7.0.0+1");
    expect(unknown.exit).toBe(2);
    const adopted = await world.json<object>("adopt", "notes", "--version", "1.0.0+1");
    expect(adopted.exit, adopted.stderr).toBe(0);
    expect(notes.record()).toMatchObject({ version: "1.0.0+1", status: "idle", adopted: true });
    expect((await world.call("status")).stdout).toContain("adopted");
    expect(rowOf((await world.json("sweep")).document, "notes").label).toBe("SKIP no-new-version");
    notes.publish("1.1.0+1");
    expect(rowOf((await world.json("sweep")).document, "notes").label).toBe("PASS (promoted 1.1.0+1)");
    expect(notes.notes()).toBe("precious\nthe sentinel of notes\n");
    expect(notes.record()).toMatchObject({ sentinel: "planted", version: "1.1.0+1" });
    expect(notes.record()?.adopted).toBeUndefined();
  });

  it("a record with five fields and a compact time is read, and advanced to one in full", async () => {
    const world = createWorld();
    const notes = world.recipe("notes");
    const { commit } = notes.publish("1.0.0+1");
    const five = { recipe: "notes", version: "1.0.0+1", commit, status: "idle", ts: "20260617T050314Z" };
    for (const folder of ["canonical/notes", "data/notes"])
      mkdirSync(join(world.state, folder), { recursive: true });
    writeFileSync(join(world.state, "canonical/notes/canonical.json"), JSON.stringify(five));
    writeFileSync(join(world.state, "data/notes/notes.txt"), "old\n");
    expect(rowOf((await world.json("sweep")).document, "notes").label).toBe("SKIP no-new-version");
    notes.publish("1.1.0+1");
    const { document } = await world.json("sweep");
    expect(rowOf(document, "notes").label).toBe("PASS (promoted 1.1.0+1)");
    expect(rowOf(document, "notes").canonicalBefore).toEqual({ version: "1.0.0+1", commit });
    expect(notes.notes()).toBe("old\nthe sentinel of notes\n");
    expect(notes.record()?.ts).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it("a revoked canonical does not count, and its data is kept until the next seed is proven", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
    await world.json("sweep");
    writeFileSync(join(world.state, "data/notes/notes.txt"), "tainted\n");
    const revoked = await world.json<object>("revoke", "notes", "--reason", "it overlapped another run");
    expect(revoked.exit, revoked.stderr).toBe(0);
    const record = notes.recordText();
    expect(notes.record()).toMatchObject({ status: "revoked", version: "1.0.0+1" });
    const plan = await world.json<{ rows: object[] }>("plan");
    expect(plan.document.rows).toMatchObject([{ action: "RUN", reason: "seed", canonical: null }]);
    notes.change({ files: { "before-deploy.sh": `${ONLY_WARM}{ echo "error: not yet"; exit 1; }` } });
    const failed = await world.json("sweep");
    expect(rowOf(failed.document, "notes").label).toBe(
      "GREEN-BUT-PROMOTE-FAILED (canonical=none, expected 1.0.0+1)",
    );
    expect([notes.recordText(), notes.notes()]).toEqual([record, "tainted\n"]);
    notes.change({ files: { "before-deploy.sh": null } });
    const seeded = await world.json("sweep");
    expect(rowOf(seeded.document, "notes")).toMatchObject({
      label: "PASS (promoted 1.0.0+1)",
      promotion: { kind: "seed" },
    });
    expect(notes.record()).toMatchObject({ status: "idle", version: "1.0.0+1" });
    expect(notes.notes()).toBe("the sentinel of notes\n");
  });
});

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { NODE } from "../support/program.ts";
import { SERVER, script } from "../support/sample-app.ts";
import { answerOf, createWorld, rowOf, type SampleRecipe, until, type World } from "../support/world.ts";

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
  it("promote-failed-called-pass: a record that cannot be written is no promotion, whatever else went well", async () => {
    const world = createWorld();
    const record = join(world.state, "canonical/notes/canonical.json");
    const notes = world.recipe("notes");
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

  it("promote-unhealthy-404: the warm app answers 404: the promotion fails and leaves nothing behind", async () => {
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

  it("secret-residue: what a failed seed made is gone, and the next try starts clean", async () => {
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

describe("what belongs to a canonical", () => {
  it("lost-secrets: the variables with which an app was seeded are kept, readable by their owner only, and given again", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", {
      settings: { env: { DB_PASSWORD: "first-password" } },
      files: {
        "before-deploy.sh": [
          'echo "connecting with $DB_PASSWORD"',
          '[ -e "$SWEEP_DATA/password" ] || echo "$DB_PASSWORD" >"$SWEEP_DATA/password"',
          '[ "$(cat "$SWEEP_DATA/password")" = "$DB_PASSWORD" ] || { echo "error: authentication failed"; exit 1; }',
        ].join("\n"),
      },
      releases: ["1.0.0+1"],
    });
    await world.json("sweep");
    const kept = join(world.state, "canonical/notes/kept/.env");
    expect(world.read("canonical/notes/kept/.env")).toBe("DB_PASSWORD=first-password\n");
    expect(statSync(kept).mode & 0o777).toBe(0o600);
    notes.publish("1.1.0+1");
    const { document } = await world.json("sweep");
    expect(rowOf(document, "notes").label).toBe("PASS (promoted 1.1.0+1)");
    expect(filesWith(world, document.run, "connecting with")).not.toEqual([]);
    expect(filesWith(world, document.run, "first-password")).toEqual([]);
  });

  it("already-deployed: an idle canonical that is found running is named drift and stopped, and the promotion goes on", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", {
      files: {
        "before-deploy.sh": `${ONLY_WARM}[ ! -e "$SWEEP_DATA/run/pid" ] || { echo "fatal: already deployed"; exit 1; }`,
      },
      releases: ["1.0.0+1"],
    });
    await world.json("sweep");
    const byHand = spawn(NODE, [SERVER, join(world.state, "data/notes"), "1.0.0+1"], {
      detached: true,
      stdio: "ignore",
      env: {},
    });
    await until(() => existsSync(join(world.state, "data/notes/run/port")));
    notes.publish("1.1.0+1");
    const { document } = await world.json("sweep");
    const row = rowOf(document, "notes");
    expect(row.label).toBe("PASS (promoted 1.1.0+1)");
    expect(row.promotion?.notes?.join()).toMatch(/drift: .*1\.0\.0\+1.*deployed/);
    expect(row.detail).toContain("drift");
    expect(notes.notes()).toContain("the sentinel of notes");
    await until(() => byHand.exitCode !== null || byHand.signalCode !== null);
  });

  it("a live canonical is advanced with its data, the outage is reported, and it answers again", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { settings: { warm: "live" }, releases: ["1.0.0+1"] });
    await world.json("sweep");
    expect(notes.record()?.status).toBe("live");
    expect(await answerOf(world, "notes")).toBe("1.0.0+1");
    notes.publish("1.1.0+1");
    const { document } = await world.json("sweep");
    const row = rowOf(document, "notes");
    expect(row.label).toBe("PASS (promoted 1.1.0+1)");
    expect(row.promotion).toMatchObject({ kind: "advance", sentinel: "verified", from: "1.0.0+1" });
    expect(row.promotion?.outageMs).toBeGreaterThan(0);
    expect(await answerOf(world, "notes")).toBe("1.1.0+1");
    expect(notes.notes()).toBe("the sentinel of notes\n");
    expect(world.processes()).toHaveLength(1);
  });

  it("a live canonical whose advance fails runs its old version on its old data, healthy again", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", {
      settings: { warm: "live", timeouts: { promote: "6s" } },
      releases: ["1.0.0+1"],
    });
    await world.json("sweep");
    const record = notes.recordText();
    notes.publish("1.1.0+1", `${ONLY_WARM}{ echo spoilt >>"$SWEEP_DATA/notes.txt"; flags=(--status=500); }`);
    const { document } = await world.json("sweep");
    expect(rowOf(document, "notes").label).toBe(
      "GREEN-BUT-PROMOTE-FAILED (canonical=1.0.0+1, expected 1.1.0+1)",
    );
    expect(rowOf(document, "notes").promotion?.outageMs).toBeGreaterThan(0);
    expect(notes.recordText()).toBe(record);
    expect(notes.notes()).toBe("the sentinel of notes\n");
    expect(await answerOf(world, "notes")).toBe("1.0.0+1");
    expect(world.read("canonical/notes/promotion.json")).toBeNull();
    const history = world.read("canonical/notes/history.jsonl") ?? "";
    expect(
      history
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).event),
    ).toEqual(["seed", "rolled-back"]);
  });

  it("`roll` brings a live canonical that has died to its version, on its data, and leaves a healthy one alone", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { settings: { warm: "live" }, releases: ["1.0.0+1"] });
    await world.json("sweep");
    notes.publish("1.1.0+1");
    for (const pid of world.processes()) process.kill(pid, "SIGKILL");
    await until(() => world.processes().length === 0);
    const rolled = await world.json<{ rows: object[] }>("roll");
    expect(rolled.document.rows).toMatchObject([
      { recipe: "notes", version: "1.0.0+1", result: "brought-up" },
    ]);
    expect(await answerOf(world, "notes")).toBe("1.0.0+1");
    expect(notes.notes()).toBe("the sentinel of notes\n");
    const before = world.processes();
    const again = await world.json<{ rows: object[] }>("roll");
    expect(again.document.rows).toMatchObject([{ result: "healthy" }]);
    expect(world.processes()).toEqual(before);
  });

  it("`run --quick` tests on a copy and leaves the data of the canonical untouched", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
    await world.json("sweep");
    notes.publish("1.1.0+1");
    const log = world.read("data/notes/app.log");
    const before = [notes.recordText(), notes.notes(), log];
    const { document, exit } = await world.json("run", "notes", "--quick");
    const row = rowOf(document, "notes");
    expect(row.label).toBe("PASS-NOT-PROMOTED (1.1.0+1; by-request: --quick)");
    expect(row.tiers.map((end) => end.tier)).toEqual(["install", "backup", "restore"]);
    expect(row.notPlanned?.map((entry) => entry.tier)).toContain("upgrade");
    expect(exit).toBe(0);
    expect([notes.recordText(), notes.notes(), world.read("data/notes/app.log")]).toEqual(before);
  });

  it("a promotion without tests of the data says that the data is not proven", async () => {
    const world = createWorld();
    const files = { "tests/data/seed": null, "tests/data/verify": null, "tests/data/damage": null };
    const notes = world.recipe("notes", { files, releases: ["1.0.0+1"] });
    const { document } = await world.json("sweep");
    expect(rowOf(document, "notes").label).toBe("PASS (promoted 1.0.0+1; data not proven)");
    expect(notes.record()?.sentinel).toBe("none");
    expect(rowOf(document, "notes").notPlanned?.find((entry) => entry.tier === "backup")?.reason).toContain(
      "tests/data/verify",
    );
  });
});

describe("records that this program did not write", () => {
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

  it("a revoked canonical counts as none, and its data is kept until the next seed is proven", async () => {
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

describe("the tests of a release", () => {
  it("dirty-tree: every deploy starts from a fresh clean checkout, whatever was written into the last one", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", {
      files: {
        "before-deploy.sh": [
          'changes=$(git -C "$SWEEP_CHECKOUT" status --porcelain --ignored)',
          '[ -z "$changes" ] || { echo "FATA local changes: $changes"; exit 1; }',
          'echo dirt >"$SWEEP_CHECKOUT/dirt"',
        ].join("\n"),
        "tests/custom/writes": script('echo dirt >>"$PWD/before-deploy.sh"'),
      },
      releases: ["1.0.0+1", "1.1.0+1"],
    });
    const { document } = await world.json("sweep");
    expect(rowOf(document, "notes").label, rowOf(document, "notes").detail).toBe("PASS (promoted 1.1.0+1)");
    notes.publish("1.2.0+1");
    expect(rowOf((await world.json("sweep")).document, "notes").label).toBe("PASS (promoted 1.2.0+1)");
  });
});

/** The files of a run's evidence that contain a text. */
function filesWith(world: World, run: string, text: string): string[] {
  const args = ["-rlF", "--exclude-dir=configuration", "--", text, join(world.state, "runs", run)];
  const { stdout } = spawnSync("grep", args, { encoding: "utf8" });
  return stdout.split("\n").filter((line) => line !== "");
}

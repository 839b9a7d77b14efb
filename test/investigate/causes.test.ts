import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Investigation } from "../../src/core/records/investigation.ts";
import { startNeighbour } from "../support/neighbour.ts";
import { script, test } from "../support/sample-app.ts";
import { createWorld, type RecipeSetup, rowOf, type World } from "../support/world.ts";

// Whether others are at work on the machine that runs the tests says nothing here.
const world = () => createWorld({ investigate: { busyAbove: 1 } });
const investigate = (where: World, ...words: string[]) =>
  where.json<Investigation>("investigate", "notes", ...words);
/** Red while the load of an investigation is there, as a handshake is that has a limit. */
const handshakeThatIsRed = (where: World) =>
  script(
    `if [ -e ${where.root}/busy ] || grep -qsz "^SWEEP_LOAD=$SWEEP_RUN/" /proc/[0-9]*/environ; then`,
    '  echo "error: handshake not finished after 2 s"; exit 1',
    "fi",
  );

/** A canonical 1.0.0+1, and then a red 1.1.0+1. */
async function red(where: World, release: string | undefined, change: RecipeSetup = {}, first?: string) {
  const notes = where.recipe("notes");
  notes.publish("1.0.0+1", first);
  await where.json("sweep");
  notes.change(change);
  notes.publish("1.1.0+1", release);
  const { document } = await where.json("sweep");
  return { notes, run: document.run, label: rowOf(document, "notes").label };
}

describe("investigate", () => {
  it("undefined-service: a release that does not deploy is the recipe's, and nothing is promoted", async () => {
    const where = world();
    const words = 'echo "service \\"app\\" refers to undefined service db: invalid compose project"; exit 1';
    const { notes, run } = await red(where, words);
    const record = notes.recordText();
    const { document, exit, stderr } = await investigate(where);
    expect(exit, stderr).toBe(0);
    expect(document).toMatchObject({
      recipe: "notes",
      release: { version: "1.1.0+1" },
      red: { run, at: "install" },
      knownGood: { version: "1.0.0+1", isCanonical: true },
      cause: "recipe",
      next: { who: "the maintainers of the recipe" },
    });
    expect(document.confidence.counts).toEqual([
      "1 of 1 of the control recipe green",
      "3 of 3 alone red with the same first error",
      "2 of 2 of the known-good release green",
    ]);
    expect(document.confidence.chance).toBeLessThan(0.05);
    expect(notes.recordText()).toBe(record);
    for (const { evidence } of document.runs)
      expect(existsSync(join(where.state, "runs", document.run, evidence, "install.log"))).toBe(true);
    expect(where.read("runs", document.run, "investigation.md")).toContain("refers to undefined service db");
    const brief = where.read("runs", run, "notes", "brief.md");
    expect(brief).toContain("The cause, by `investigate`");
    expect(brief).toMatch(/recipe: it is red every time.*is chance at most once in 29/);
    expect(brief).not.toContain("who is to blame");
    const shown = await where.call("show", document.run);
    expect(shown.stdout).toMatch(/^notes 1\.1\.0\+1: recipe\n/);
    expect((await where.call("history")).stdout).toMatch(/investigate +notes 1\.1\.0\+1: recipe/);
    const row = await where.json<{ investigation: Investigation }>("show", run, "notes");
    expect(row.document.investigation.cause).toBe("recipe");
    expect(where.processes()).toEqual([]);
  });

  it("undefined-service: a red test of a release that deployed all the same is not blamed on the compose file", async () => {
    const where = world();
    const notes = where.recipe("notes", {
      files: { "tests/install/image": script('echo "error: it is not the official image"; exit 1') },
    });
    notes.upstream.commit({ "compose.yml": "services: { app: { image: a, depends_on: [db] } }\n" });
    notes.publish("1.0.0+1");
    await where.json("sweep");
    expect((await where.call("lint")).stdout).toContain('service app depends on service "db"');
    const { document } = await investigate(where);
    expect(document).toMatchObject({ cause: "unresolved", lint: [], red: { at: "install" } });
  });

  it("stale-test: a test that asks what no release has is the test's, told by the tests of the last green", async () => {
    const where = world();
    const stale = test('[ "$(ask GET /)" = "the new login" ] || { echo "error: no new login"; exit 1; }');
    await red(where, undefined, { files: { "tests/custom/new-login": stale } });
    const { document } = await investigate(where);
    expect(document).toMatchObject({ cause: "test", notPossible: [] });
    expect(document.runs.map(({ kind }) => kind)).toContain("lastGreenTests");
    expect(
      document.runs.filter(({ kind }) => kind === "lastGreenTests").map(({ outcome }) => outcome),
    ).toEqual(["green", "green"]);
  });

  it("flake-under-load: red in the long sweep, green alone, red under load; and no green re-run promotes", async () => {
    const where = world();
    const busy = join(where.root, "busy");
    writeFileSync(busy, "");
    const { notes } = await red(where, undefined, {
      files: { "tests/custom/handshake": handshakeThatIsRed(where) },
    });
    const record = notes.recordText();
    rmSync(busy);
    const { document } = await investigate(where, "--load", "1");
    expect(document).toMatchObject({ cause: "flake (load)", load: { workers: 1 } });
    expect(document.confidence.counts).toEqual([
      "1 of 1 of the control recipe green",
      "3 of 3 alone green",
      "2 of 2 under load red with the same first error",
    ]);
    expect(notes.recordText()).toBe(record);
    expect(where.processes()).toEqual([]);
  });

  it("missing-tool: a red for a missing tool is machinery's, also once the tool is back", async () => {
    const where = world();
    const found = join(where.root, "found");
    const probe = script(`[ -e ${found} ] || sample-search-probe --all`);
    const { label } = await red(where, undefined, { files: { "tests/custom/search": probe } });
    expect(label).toMatch(/^BLOCKED \(machinery: /);
    const away = await investigate(where);
    expect(away.document).toMatchObject({ cause: "machinery", next: { command: "canonical-sweep doctor" } });
    writeFileSync(found, "");
    expect((await investigate(where)).document.cause).toBe("machinery");
  });

  it("jwt-read-only: a release that fails on the canonical's data is the recipe's, told on a copy of the data", async () => {
    const where = world();
    const mounts = '[ "$SWEEP_INSTANCE" = cold ] || touch "$SWEEP_DATA/app.conf"';
    const writes =
      '[ ! -e "$SWEEP_DATA/app.conf" ] || { echo "FATA cannot write app.conf: read-only"; exit 1; }';
    const { notes, label } = await red(where, writes, {}, mounts);
    expect(label).toBe("GREEN-BUT-PROMOTE-FAILED (canonical=1.0.0+1, expected 1.1.0+1)");
    const record = notes.recordText();
    const { document } = await investigate(where);
    expect(document.cause).toBe("recipe");
    expect(notes.recordText()).toBe(record);
    expect(notes.notes()).toContain("the sentinel of notes");
  });

  it("a first release that a test finds fault with is unresolved, with the chance that a flake looks like this", async () => {
    const where = world();
    const fails = test('echo "error: no users"; exit 1');
    where.recipe("notes", { files: { "tests/custom/users": fails }, releases: ["1.0.0+1"] });
    const { run } = (await where.json("sweep")).document;
    const { document, exit } = await investigate(where);
    expect(exit).toBe(3);
    expect(document).toMatchObject({
      cause: "unresolved",
      confidence: { chance: null, evenFlake: { reds: 3, chance: 0.125 } },
      notPossible: [{ kind: "knownGood", reason: "there is no other release" }],
      raise: expect.stringContaining("a release that is green"),
    });
    expect(where.read("runs", document.run, "investigation.md")).toContain(
      "a flake that is green every other time would be red in all 3 runs once in 8",
    );
    expect(where.read("runs", run, "notes", "brief.md")).toContain("who is to blame");
  });

  it("names the reds that it cannot investigate, and what to do", async () => {
    const where = world();
    where.recipe("notes", { releases: ["1.0.0+1"] });
    const never = await where.call("investigate", "notes");
    expect([never.exit, never.stderr]).toEqual([2, expect.stringContaining("was never tested")]);
    await where.json("sweep");
    const green = await where.call("investigate", "notes");
    expect([green.exit, green.stderr]).toEqual([
      2,
      expect.stringContaining("is not red: PASS (promoted 1.0.0+1)"),
    ]);
    const wrong = await where.call("investigate", "notes", "--runs", "0", "--load", "many");
    expect(wrong.exit).toBe(2);
    expect(wrong.stderr).toContain("--runs takes a number from 1 to 20");
    expect(wrong.stderr).toContain("--load takes a number from 0 to 256");
  });

  it("a busy host is refused unless --busy is given, and then no red counts as alone", async () => {
    const where = createWorld({ investigate: { busyAbove: 0.1 } });
    await red(where, "exit 1");
    const neighbour = startNeighbour(1);
    onTestFinished(() => neighbour.end());
    const refused = await where.call("investigate", "notes");
    expect([refused.exit, refused.stderr]).toEqual([
      5,
      expect.stringMatching(/this host is busy: .*--busy/s),
    ]);
    expect((await where.call("history")).stdout).toContain("no report: it gave up: this host is busy");
    const { document, exit } = await investigate(where, "--busy", "--runs", "1");
    expect(exit).toBe(3);
    expect(document).toMatchObject({
      cause: "unresolved",
      isolation: { isolated: false, askedFor: true },
      next: { command: "canonical-sweep investigate notes" },
    });
  });

  it("Ctrl-C leaves nothing behind: the app is removed, the lock is free, the record is as it was", async () => {
    const where = world();
    const waiting = join(where.root, "waiting");
    const { notes } = await red(
      where,
      `touch ${waiting}.red; [ ! -e ${where.root}/wait ] || { touch ${waiting}; sleep 600; }; exit 1`,
    );
    const record = notes.recordText();
    writeFileSync(join(where.root, "wait"), "");
    const running = where.start("investigate", "notes", "--json");
    await expect.poll(() => existsSync(waiting), { timeout: 60_000 }).toBe(true);
    running.child.kill("SIGINT");
    const { exit } = await running.end;
    expect(exit).toBe(130);
    expect(where.processes()).toEqual([]);
    expect(notes.recordText()).toBe(record);
    expect(readFileSync(join(where.state, "lock"), "utf8")).toBe("");
  });
});

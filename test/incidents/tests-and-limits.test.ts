import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { SAYS_ITS_VERSION, script, test } from "../support/sample-app.ts";
import { createWorld, labelsOf, rowOf } from "../support/world.ts";

describe("limits", () => {
  it("wedged-deploy: the limit ends it, detail and brief name step, limit and last thing seen, the rest runs", async () => {
    const world = createWorld();
    const wedged = world.recipe("a-wedged", { settings: { timeouts: { deploy: "4s" } } });
    wedged.publish("1.0.0+1", `trap '' TERM; echo "waiting for the database"; sleep 600 & wait; sleep 600`);
    world.recipe("b", { releases: ["1.0.0+1"] });
    const { document, exit } = await world.json("sweep");
    const row = rowOf(document, "a-wedged");
    expect(labelsOf(document)).toEqual({
      "a-wedged": "FAIL (red at install; canonical unchanged: none)",
      b: "PASS (promoted 1.0.0+1)",
    });
    const told = /deploy.*4\.0s.*timeouts\.deploy.*last seen: waiting for the database/;
    expect(row.detail).toMatch(told);
    expect(row.tiers.map((end) => [end.tier, end.status, end.because])).toEqual([
      ["install", "failed", undefined],
      ["backup", "not-reached", "install"],
      ["restore", "not-reached", "install"],
    ]);
    expect(row.detail).toContain("passed 0 of 3 planned");
    const brief = world.read("runs", document.run, row.brief ?? "none") ?? "";
    expect(brief).toMatch(told);
    expect(brief).toMatch(/^\s*canonical-sweep .*run a-wedged .*--tag 1\.0\.0\+1/m);
    expect(exit).toBe(3);
    expect(world.processes()).toEqual([]);
  });

  it("the limit of a recipe ends its test, and is named", async () => {
    const world = createWorld();
    world.recipe("slow", {
      settings: { timeouts: { recipe: "8s" } },
      files: { "tests/custom/slow": script("echo counting to a million; sleep 600") },
      releases: ["1.0.0+1"],
    });
    const { document } = await world.json("sweep");
    const row = rowOf(document, "slow");
    expect(row.label).toBe("FAIL (red at custom; canonical unchanged: none)");
    expect(row.detail).toMatch(/custom\/slow.*8.*timeouts\.recipe.*last seen: counting to a million/);
    expect(world.processes()).toEqual([]);
  });
});

describe("tests", () => {
  it("stale-test: a test out of its version range, or for a ref only, is listed with its reason and not run", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", {
      settings: {
        tests: {
          "custom/official-image": { versions: ">=2.0.0", reason: "asserts the image of the 2.0 migration" },
          "custom/new-login": { only: "ref", reason: "belongs to an open pull request" },
        },
      },
      files: {
        "tests/custom/official-image": script("exit 1"),
        "tests/custom/new-login": script('echo "error: no new login in $SWEEP_VERSION"; exit 1'),
        "tests/custom/sound": SAYS_ITS_VERSION,
      },
      releases: ["1.0.0+1"],
    });
    const { document } = await world.json("sweep");
    expect(labelsOf(document)).toEqual({ notes: "PASS (promoted 1.0.0+1)" });
    const custom = rowOf(document, "notes").tiers.find((end) => end.tier === "custom");
    expect(custom?.tests).toMatchObject([
      {
        name: "custom/new-login",
        status: "not-planned",
        reason: expect.stringContaining("open pull request"),
      },
      {
        name: "custom/official-image",
        status: "not-planned",
        reason: expect.stringContaining("2.0 migration"),
      },
      { name: "custom/sound", status: "passed" },
    ]);
    notes.upstream.commit({ version: "whatever" }, { branch: "login" });
    const ref = await world.json("run", "notes", "--ref", "login", "--tier", "custom");
    expect(rowOf(ref.document, "notes").label).toMatch(
      /^FAIL \(red at (install|custom); canonical unchanged: 1/,
    );
  });

  it("missing-tool: three machinery failures in a row stop the sweep, no recipe is red, the rest is not run", async () => {
    const world = createWorld();
    const files = { "tests/custom/search": script("sample-search-probe --all") };
    for (const name of ["a", "b", "c", "d", "e"]) world.recipe(name, { releases: ["1.0.0+1"], files });
    const { document, exit } = await world.json("sweep");
    for (const name of ["a", "b", "c"])
      expect(rowOf(document, name).label).toMatch(/^BLOCKED \(machinery: .*sample-search-probe/);
    for (const name of ["d", "e"]) expect(rowOf(document, name).label).toMatch(/^NOT-RUN \(machinery: /);
    expect(rowOf(document, "a").tiers.at(-1)).toMatchObject({ status: "not-reached", because: "machinery" });
    expect(document.honesty).toMatchObject({ enrolled: 5, failed: 0, blocked: 3, notRun: 2 });
    expect(exit).toBe(5);
  });

  it("missing-tool: a health command that misses a tool says nothing of the app, and is not waited for", async () => {
    const world = createWorld();
    world.recipe("notes", {
      settings: { health: { command: "tests/health" } },
      files: { "tests/health": script("sample-health-probe") },
      releases: ["1.0.0+1"],
    });
    const { document } = await world.json("sweep");
    expect(rowOf(document, "notes").label).toMatch(/^BLOCKED \(machinery: .*sample-health-probe/);
  });

  it("a health command that exits 0 is an app that answers, and may not do so before the deploy", async () => {
    const world = createWorld();
    const asks = test('[ "$(ask GET /version)" = "$SWEEP_VERSION" ]');
    const notes = world.recipe("notes", {
      settings: { health: { command: "tests/health" } },
      files: { "tests/health": asks },
      releases: ["1.0.0+1"],
    });
    expect(labelsOf((await world.json("sweep")).document)).toEqual({ notes: "PASS (promoted 1.0.0+1)" });
    notes.change({ files: { "tests/health": script("exit 0") } });
    notes.change({ commands: { url: "echo http://127.0.0.1:9" } });
    const { document } = await world.json("run", "notes");
    expect(rowOf(document, "notes").label).toMatch(/^BLOCKED \(domain-answers: /);
  });

  it("a test that exits 0 with a failure in its JUnit file is red; one that cannot be read is a warning", async () => {
    const world = createWorld();
    const cases = '<testsuite><testcase name="logs in"><failure message="no button"/></testcase></testsuite>';
    const notes = world.recipe("notes", {
      files: { "tests/custom/cases": script(`echo '${cases}' >"$SWEEP_JUNIT"`) },
      releases: ["1.0.0+1"],
    });
    const red = await world.json("sweep");
    expect(rowOf(red.document, "notes").label).toBe("FAIL (red at custom; canonical unchanged: none)");
    expect(rowOf(red.document, "notes").detail).toContain("logs in: no button");
    notes.change({ files: { "tests/custom/cases": script(`echo '<torn' >"$SWEEP_JUNIT"`) } });
    const torn = await world.json("sweep");
    expect(rowOf(torn.document, "notes").label).toBe("PASS (promoted 1.0.0+1)");
    expect(rowOf(torn.document, "notes").warnings?.join()).toContain("JUnit");
  });

  it("spurious-health: a domain that answers before the deploy is refused, and nothing is deployed", async () => {
    const other = createServer((_, response) => void response.end("somebody else")).listen(0, "127.0.0.1");
    await once(other, "listening");
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const world = createWorld({ edge: { address: "127.0.0.1", port, scheme: "http" } });
    world.recipe("notes", {
      commands: { url: null, deploy: `touch ${world.root}/deployed; ./deploy` },
      releases: ["1.0.0+1"],
    });
    const { document, exit } = await world.json("sweep");
    expect(rowOf(document, "notes").label).toMatch(/^BLOCKED \(domain-answers: .*\.ci\.test answers before/);
    expect(exit).toBe(3);
    expect(existsSync(join(world.root, "deployed"))).toBe(false);
  });

  it("a backup that exits 0 with nothing in it is red, and the restore is not reached", async () => {
    const world = createWorld();
    world.recipe("notes", { commands: { backup: "true" }, releases: ["1.0.0+1"] });
    const { document } = await world.json("sweep");
    expect(labelsOf(document)).toEqual({ notes: "FAIL (red at backup; canonical unchanged: none)" });
    expect(rowOf(document, "notes").tiers).toMatchObject([
      { tier: "install", status: "passed" },
      { tier: "backup", status: "failed", reason: expect.stringContaining("nothing in it") },
      { tier: "restore", status: "not-reached", because: "backup" },
    ]);
  });

  it("a restore that exits 0 without the data is red by the sentinel", async () => {
    const world = createWorld();
    world.recipe("notes", { commands: { restore: "true" }, releases: ["1.0.0+1"] });
    const { document } = await world.json("sweep");
    const row = rowOf(document, "notes");
    expect(row.label).toBe("FAIL (red at restore; canonical unchanged: none)");
    expect(row.detail).toContain("the sentinel is gone");
    expect(row.detail).toContain("passed 2 of 3 planned");
  });

  it("an upgrade that loses the data is red at upgrade", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
    notes.publish("1.1.0+1", '[ -z "$SWEEP_BASE_VERSION" ] || rm "$SWEEP_DATA/notes.txt"');
    const { document } = await world.json("sweep");
    expect(labelsOf(document)).toEqual({ notes: "FAIL (red at upgrade; canonical unchanged: none)" });
  });

  it("a tier of nothing but skipped tests is skipped, never passed, and holds the promotion back", async () => {
    const world = createWorld();
    const skips = script('echo "no browser here"; exit 77');
    const notes = world.recipe("notes", { files: { "tests/custom/browser": skips }, releases: ["1.0.0+1"] });
    const { document, exit } = await world.json("sweep");
    const row = rowOf(document, "notes");
    expect(row.label).toBe("PASS-NOT-PROMOTED (1.0.0+1; custom skipped: custom/browser: no browser here)");
    expect(row.detail).toContain("passed 3 of 4 planned");
    expect(document.honesty).toMatchObject({ passed: 1, promoted: 0, tiersPlanned: 4, tiersExecuted: 3 });
    expect(exit).toBe(3);
    expect(notes.record()).toBeNull();
  });

  it("without a `version` command a green release is not promoted", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { commands: { version: null }, releases: ["1.0.0+1"] });
    const { document, exit } = await world.json("sweep");
    expect(rowOf(document, "notes").label).toMatch(/^PASS-NOT-PROMOTED \(1\.0\.0\+1; no-read-back/);
    expect(exit).toBe(3);
    expect(notes.record()).toBeNull();
  });

  it("a test gets the documented environment and nothing else", async () => {
    const world = createWorld({ environment: { NODE: process.execPath, SAMPLE_BROWSERS: "/opt/browsers" } });
    const notes = world.recipe("notes", {
      settings: { env: { APP_ONLY: "x" } },
      files: {
        "tests/upgrade/env": script(
          `env -0 >${world.root}/environment`,
          'find "$SWEEP_SCRATCH" -mindepth 1 >&2; [ -z "$(ls -A "$SWEEP_SCRATCH")" ]; touch "$SWEEP_SCRATCH/mine"',
        ),
        "tests/upgrade/env-again": script('[ -z "$(ls -A "$SWEEP_SCRATCH")" ]'),
      },
      releases: ["1.0.0+1"],
    });
    const { commit } = notes.publish("1.1.0+1");
    const { document } = await world.json("sweep");
    expect(labelsOf(document)).toEqual({ notes: "PASS (promoted 1.1.0+1)" });
    const environment = Object.fromEntries(
      readFileSync(join(world.root, "environment"), "utf8")
        .split("\0")
        .filter((entry) => entry !== "")
        .map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
    );
    const { PWD, SHLVL, _, SWEEP_STEP, SWEEP_JUNIT, ...documented } = environment;
    expect(SWEEP_JUNIT).toMatch(/^\//);
    expect(documented).toEqual({
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      HOME: environment.SWEEP_SCRATCH,
      LANG: "C.UTF-8",
      NODE: process.execPath,
      SAMPLE_BROWSERS: "/opt/browsers",
      SWEEP_RECIPE: "notes",
      SWEEP_VERSION: "1.1.0+1",
      SWEEP_COMMIT: commit,
      SWEEP_BASE_VERSION: "1.0.0+1",
      SWEEP_TIER: "upgrade",
      SWEEP_DOMAIN: expect.stringMatching(/^note-[0-9a-f]{6}\.ci\.test$/),
      SWEEP_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      SWEEP_STACK: expect.stringMatching(/^note-[0-9a-f]{6}_ci_test$/),
      SWEEP_VOLUMES: expect.any(String),
      SWEEP_SCRATCH: expect.stringContaining(`${world.state}/scratch/${document.run}/`),
      SWEEP_RUN: document.run,
    });
  });
});

describe("secrets", () => {
  it("a secret in the first error, in a promotion's or in a test's, stands in no file of the state but those that keep it", async () => {
    const world = createWorld();
    const secret = "hunter2-of-the-database";
    const environment = { NODE: process.execPath, SAMPLE_TOKEN: secret };
    world.configure({ environment });
    const denied = 'echo "error: access denied with $SAMPLE_TOKEN"; exit 1';
    world.recipe("a", { files: { "before-deploy.sh": denied }, releases: ["1.0.0+1"] });
    world.recipe("b", { files: { "tests/custom/red": script(denied) }, releases: ["1.0.0+1"] });
    const warm = `[ "$SWEEP_INSTANCE" = cold ] || { ${denied}; }`;
    world.recipe("c", { files: { "before-deploy.sh": warm }, releases: ["1.0.0+1"] });
    const { document, stdout, stderr } = await world.json("sweep");
    expect(labelsOf(document)).toEqual({
      a: "FAIL (red at install; canonical unchanged: none)",
      b: "FAIL (red at custom; canonical unchanged: none)",
      c: "GREEN-BUT-PROMOTE-FAILED (canonical=none, expected 1.0.0+1)",
    });
    for (const name of ["a", "b", "c"])
      expect(rowOf(document, name).detail).toContain("access denied with ***");
    expect(stdout + stderr).not.toContain(secret);
    const files = Object.keys(world.files()).filter((path) => !path.includes("/configuration/"));
    expect(files.filter((path) => readFileSync(path, "utf8").includes(secret))).toEqual([]);
  });
});

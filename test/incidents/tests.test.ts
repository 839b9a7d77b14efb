import { describe, expect, it } from "vitest";
import { SAYS_ITS_VERSION, script, test } from "../support/sample-app.ts";
import { createWorld, labelsOf, rowOf } from "../support/world.ts";

describe("the tests of a recipe", () => {
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

  it("a health command that exits with 0 means an app that answers, and must not do so before the deploy", async () => {
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

  it("a test that exits with 0 and a failure in its JUnit file is red; an unreadable file is a warning", async () => {
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

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { script } from "../support/sample-app.ts";
import { createWorld, labelsOf, rowOf } from "../support/world.ts";

describe("the limits of time", () => {
  it("wedged-deploy: a deploy is ended by its limit; detail and brief name step, limit and last thing seen; the rest runs", async () => {
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

  it("a limit that ends before a commit is counted is named; the commit is not called endless", async () => {
    const world = createWorld();
    world.recipe("hurried", { settings: { timeouts: { recipe: "1ms" } }, releases: ["1.0.0+1"] });
    await world.json("sweep", "--only-sync");
    const { document } = await world.json("sweep");
    const row = rowOf(document, "hurried");
    expect(row.outcome?.code).not.toBe("checkout");
    expect(row.detail).toContain("timeouts.recipe");
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

describe("the secrets in a state folder", () => {
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

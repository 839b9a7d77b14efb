import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { script } from "../support/sample-app.ts";
import { isWaiting, letGo, waits } from "../support/waiting.ts";
import { createWorld, labelsOf, rowOf, until, type World } from "../support/world.ts";

const RED = script("echo 'error: red by design'; exit 1");

/** The recipes whose test a run began, in their order. */
function startedIn(world: World, run: string | undefined): string[] {
  const lines = (world.read("runs", run ?? "", "journal.jsonl") ?? "").trim().split("\n");
  return lines
    .map((line) => JSON.parse(line) as { event: string; recipe: string })
    .filter(({ event }) => event === "started")
    .map(({ recipe }) => recipe);
}

/** A sweep of a green, a red and a third recipe that is killed while the third is tested. */
async function killedInThird(world: World): Promise<string> {
  world.recipe("a-green", { releases: ["1.0.0+1"] });
  world.recipe("b-red", { releases: ["1.0.0+1"], files: { "tests/custom/red": RED } });
  world.recipe("c-slow", { releases: ["1.0.0+1"], files: { "tests/custom/waits": waits(world) } });
  const sweep = world.start("sweep");
  await until(() => isWaiting(world));
  sweep.child.kill("SIGKILL");
  await sweep.end;
  letGo(world);
  return world.runs().at(-1) ?? "";
}

describe("a sweep that was killed", () => {
  it("is continued by the next one: finished recipes are not tested again, the report covers the whole", async () => {
    const world = createWorld();
    const killed = await killedInThird(world);
    const { document } = await world.json("sweep");
    expect(startedIn(world, document.run)).toEqual(["c-slow"]);
    expect(labelsOf(document)).toEqual({
      "a-green": "PASS (promoted 1.0.0+1)",
      "b-red": "FAIL (red at custom; canonical unchanged: none)",
      "c-slow": "PASS (promoted 1.0.0+1)",
    });
    expect(document.continues).toBe(killed);
    expect(document.recipes.map((row) => row.testedIn)).toEqual([killed, killed, undefined]);
    expect(document.honesty).toMatchObject({ enrolled: 3, passed: 2, promoted: 2, failed: 1, hollow: false });
    expect(world.read("runs", document.run, rowOf(document, "b-red").brief ?? "")).toContain("red by design");
    expect(world.read("runs", document.run, "report.md")).toContain("not tested again: a-green, b-red");
  });

  it("by a version that kept no outcomes is continued with rows that have one", async () => {
    const world = createWorld();
    const killed = await killedInThird(world);
    const path = join(world.state, "runs", killed, "journal.jsonl");
    const lines = (world.read("runs", killed, "journal.jsonl") ?? "").trim().split("\n");
    const withoutOutcomes = lines.map((line) =>
      JSON.stringify(JSON.parse(line, (key, value) => (key === "outcome" ? undefined : value))),
    );
    writeFileSync(path, `${withoutOutcomes.join("\n")}\n`);
    const { document } = await world.json("sweep");
    expect(document.recipes.map((row) => row.testedIn)).toEqual([killed, killed, undefined]);
    expect(rowOf(document, "b-red").outcome).toEqual({ kind: "FAIL", code: "custom", detail: "none" });
    expect(rowOf(document, "a-green").outcome).toEqual({ kind: "PASS", code: "promoted", detail: "" });
  });

  it("is over with the report of the one that continued it: the sweep after that tests a red anew", async () => {
    const world = createWorld();
    await killedInThird(world);
    await world.json("sweep");
    const { document } = await world.json("sweep");
    expect(startedIn(world, document.run)).toEqual(["b-red"]);
    expect(document.continues).toBeUndefined();
  });

  it("can be killed again: the third one continues both", async () => {
    const world = createWorld();
    await killedInThird(world);
    world.recipe("d-slower", { releases: ["1.0.0+1"], files: { "tests/custom/waits": waits(world) } });
    const { document } = await world.json("sweep");
    expect(startedIn(world, document.run)).toEqual(["c-slow", "d-slower"]);
  });

  it("does not count for a recipe that has changed since: a new release, a new test, a new record", async () => {
    const world = createWorld();
    const killed = await killedInThird(world);
    const red = world.recipe("b-red", { releases: ["1.0.0+1"], files: { "tests/custom/red": null } });
    expect(red.record()).toBeNull();
    const { document } = await world.json("sweep");
    expect(document.continues).toBe(killed);
    expect(startedIn(world, document.run)).toEqual(["b-red", "c-slow"]);
    expect(labelsOf(document)["b-red"]).toBe("PASS (promoted 1.0.0+1)");
  });

  it("leaves a tier that was red when it was cut short: a green of the retry is not promoted", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", {
      releases: ["1.0.0+1"],
      files: {
        "tests/install/red-once": script(
          `[ -e ${world.root}/seen ] || { touch ${world.root}/seen; exit 1; }`,
        ),
      },
      commands: {
        undeploy: `[ ! -e ${world.root}/seen ] || { touch ${world.root}/waiting; until [ -e ${world.root}/go ]; do sleep 0.05; done; }; ./undeploy`,
      },
    });
    const sweep = world.start("sweep");
    await until(() => isWaiting(world));
    sweep.child.kill("SIGKILL");
    await sweep.end;
    letGo(world);
    const [killed] = world.runs();
    const { document, exit } = await world.json("sweep");
    expect(labelsOf(document)).toEqual({
      notes: `PASS-NOT-PROMOTED (1.0.0+1; retry: install was red in run ${killed}, which was killed)`,
    });
    expect(exit).toBe(3);
    expect(notes.record()).toBeNull();
    expect(labelsOf((await world.json("sweep")).document)).toEqual({ notes: "PASS (promoted 1.0.0+1)" });
  });

  it("between the new record and its line in the journal has its row derived from the record", async () => {
    const world = createWorld();
    world.recipe("door", { settings: { warm: "live" }, releases: ["1.0.0+1"] });
    await world.json("sweep");
    const kill = `kill -9 "$(grep -o '"pid":[0-9]*' ${world.state}/lock | cut -d: -f2)"`;
    const notes = world.recipe("notes", {
      settings: { requires: [{ recipe: "door", mode: "live", setup: "setup/door", teardown: "setup/undo" }] },
      releases: ["1.0.0+1"],
      files: {
        "setup/door": script("true"),
        "setup/undo": script(
          `if [ -e ${world.state}/canonical/notes/canonical.json -a ! -e ${world.root}/killed ]; then touch ${world.root}/killed; ${kill}; fi`,
        ),
      },
    });
    expect((await world.call("sweep")).signal).toBe("SIGKILL");
    const killed = world.runs().at(-1);
    expect(notes.record()?.run).toBe(killed);
    const { document } = await world.json("sweep");
    expect(startedIn(world, document.run)).toEqual([]);
    expect(rowOf(document, "notes")).toMatchObject({
      label: "PASS (promoted 1.0.0+1)",
      testedIn: killed,
      canonicalBefore: null,
      canonicalAfter: { version: "1.0.0+1" },
      promotion: { kind: "seed", result: "promoted", sentinel: "planted" },
      needsHuman: false,
    });
  });

  it("differs from one that gave up and said why: after that the next one begins anew", async () => {
    const world = createWorld();
    const killed = await killedInThird(world);
    const ended = {
      ts: new Date().toISOString(),
      run: killed,
      event: "ended",
      error: "no space left on device",
    };
    appendFileSync(join(world.state, "runs", killed, "journal.jsonl"), `${JSON.stringify(ended)}\n`);
    const { document } = await world.json("sweep");
    expect(document.continues).toBeUndefined();
    expect(startedIn(world, document.run)).toEqual(["b-red", "c-slow"]);
  });

  it("is continued after a run by hand too, but for the recipes that this run changed", async () => {
    const world = createWorld();
    const killed = await killedInThird(world);
    world.recipe("b-red", { files: { "tests/custom/red": null } });
    await world.json("run", "c-slow");
    const { document } = await world.json("sweep");
    expect(document.continues).toBe(killed);
    expect(labelsOf(document)).toEqual({
      "a-green": "PASS (promoted 1.0.0+1)",
      "b-red": "PASS (promoted 1.0.0+1)",
      "c-slow": "SKIP no-new-version",
    });
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Quality, RANDOM_QUALITIES, VERSIONS } from "./expected.ts";
import {
  assertStanding,
  assertSweep,
  expectTable,
  journalOf,
  type ModelRecipe,
  type ModelWorld,
  openModelWorld,
  publish,
} from "./program-world.ts";

/** How many random sequences; each takes some calls of the program. */
const RUNS = Number(process.env.MODEL_RUNS ?? 6);
const SEED = Number(process.env.MODEL_SEED ?? Date.now() % 2 ** 31);
const LONGEST_RUN_MS = 600_000;

type Act =
  | { act: "publish"; recipe: number; above: number; quality: Quality }
  | { act: "delete latest" | "move latest" | "move canonical" | "commit"; recipe: number }
  | { act: "hold" | "release" | "revoke"; recipe: number }
  | { act: "run"; recipe: number; options: readonly string[] }
  | { act: "sweep" | "clean" }
  /** Sweeps that are killed after so many lines of their log, and what is called before the next sweep. */
  | { act: "kill"; afterLines: readonly number[]; next: "sweep" | "clean" };

const recipe = fc.nat({ max: 1 });
const quality = fc.constantFrom(...RANDOM_QUALITIES);
const acts: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constant("publish" as const),
      recipe,
      above: fc.integer({ min: -1, max: 3 }),
      quality,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constantFrom(
        "delete latest" as const,
        "move latest" as const,
        "move canonical" as const,
        "commit" as const,
      ),
      recipe,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constantFrom("hold" as const, "release" as const, "revoke" as const),
      recipe,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant("run" as const),
      recipe,
      options: fc.constantFrom(["--no-promote"], ["--ref", "main"], ["--quick"]),
    }),
  },
  { weight: 3, arbitrary: fc.record({ act: fc.constant("sweep" as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant("kill" as const),
      afterLines: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 2 }),
      next: fc.constantFrom("sweep" as const, "clean" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("clean" as const) }) },
);

describe("the program, whatever upstream, people and kills do", () => {
  it(`keeps record, data, labels, counts and history as the model has them (MODEL_SEED=${SEED})`, {
    timeout: RUNS * LONGEST_RUN_MS,
  }, async () => {
    const sequence = fc.array(acts, { minLength: 6, maxLength: 9 });
    await fc.assert(fc.asyncProperty(sequence, playInWorld), {
      numRuns: RUNS,
      seed: SEED,
      endOnFailure: true,
    });
  });

  it("ends a resumed sweep with the table of an undisturbed one, wherever it was killed, and tests nothing twice", {
    timeout: LONGEST_RUN_MS,
  }, async () => {
    await playInWorld([
      { act: "publish", recipe: 0, above: 1, quality: "green" },
      { act: "publish", recipe: 1, above: 1, quality: "fails-when-warm" },
      { act: "kill", afterLines: [30], next: "sweep" },
      { act: "publish", recipe: 0, above: 1, quality: "custom" },
      { act: "publish", recipe: 1, above: 1, quality: "green" },
      { act: "kill", afterLines: [45, 12], next: "clean" },
    ]);
  });
});

async function playInWorld(sequence: readonly Act[]): Promise<void> {
  const ends: (() => void | Promise<void>)[] = [];
  const model = openModelWorld((end) => void ends.unshift(end));
  try {
    publish(model, recipeOf(model, 0), 1, "green");
    for (const act of [...sequence, { act: "sweep" } as const]) {
      await play(model, act);
      assertStanding(model);
    }
  } finally {
    for (const end of ends) await end();
  }
}

async function play(model: ModelWorld, act: Act): Promise<void> {
  switch (act.act) {
    case "publish":
      return publishAbove(model, recipeOf(model, act.recipe), act.above, act.quality);
    case "delete latest":
    case "move latest":
    case "move canonical":
    case "commit":
      return changeUpstream(model, recipeOf(model, act.recipe), act.act);
    case "hold":
    case "release":
    case "revoke":
      return changeRecord(model, recipeOf(model, act.recipe), act.act);
    case "run":
      return runByHand(model, recipeOf(model, act.recipe), act.options);
    case "clean":
      return clean(model);
    case "sweep":
      return assertSweep(model, await model.world.json("sweep"), expectTable(model));
    case "kill":
      return killSweeps(model, act.afterLines, act.next);
  }
}

function publishAbove(model: ModelWorld, one: ModelRecipe, above: number, quality: Quality): void {
  const latest = latestOf(one) ?? 0;
  publish(model, one, Math.min(VERSIONS.length - 1, Math.max(0, latest + above)), quality);
}

function changeUpstream(
  model: ModelWorld,
  one: ModelRecipe,
  act: "delete latest" | "move latest" | "move canonical" | "commit",
): void {
  const { expected, sample } = one;
  const at = act === "move canonical" ? (expected.canonical?.at ?? null) : latestOf(one);
  if (act === "commit") sample.upstream.commit({ note: String(Math.max(0, ...expected.tags.keys())) });
  else if (at === null) return;
  else if (act !== "delete latest") publish(model, one, at, expected.tags.get(at)?.quality ?? "green");
  else {
    sample.upstream.deleteTag(VERSIONS[at] ?? "");
    expected.tags.delete(at);
  }
}

async function changeRecord(
  { world }: ModelWorld,
  one: ModelRecipe,
  act: "hold" | "release" | "revoke",
): Promise<void> {
  const { expected, sample } = one;
  if (act === "revoke" && expected.canonical === null) return;
  if (act === "release" && !expected.held) return;
  const until = act === "hold" ? ["--until", "2099-12-31"] : [];
  const reason = act === "release" ? [] : ["--reason", "the model says so"];
  const end = await world.call(act, sample.name, ...reason, ...until);
  expect(end.exit, end.stderr).toBe(0);
  if (act === "revoke") expected.canonical = null;
  else expected.held = act === "hold";
}

async function runByHand(
  { world, recipes }: ModelWorld,
  { sample }: ModelRecipe,
  options: readonly string[],
): Promise<void> {
  const before = recipes.map((each) => each.sample.recordText());
  const end = await world.call("run", sample.name, ...options);
  expect([0, 2, 3], end.stderr).toContain(end.exit);
  expect(recipes.map((each) => each.sample.recordText())).toEqual(before);
}

async function clean({ world, recipes }: ModelWorld): Promise<void> {
  const before = recipes.map((each) => [each.sample.recordText(), each.sample.notes()]);
  const end = await world.call("clean");
  expect(end.exit, end.stderr).toBe(0);
  expect(recipes.map((each) => [each.sample.recordText(), each.sample.notes()])).toEqual(before);
}

/** The sweep after those that were killed says what an undisturbed one would have said. */
async function killSweeps(
  model: ModelWorld,
  afterLines: readonly number[],
  next: "sweep" | "clean",
): Promise<void> {
  const { world } = model;
  const table = expectTable(model);
  const ended: string[] = [];
  for (const count of afterLines) {
    const before = world.runs();
    const killed = await killAfter(model, count);
    const run = world.runs().find((id) => !before.includes(id));
    // It was done sooner than that: it is the undisturbed one.
    if (!killed) return assertSweep(model, { document: world.report(), exit: null, stderr: "" }, table);
    if (run !== undefined) ended.push(...journalOf(world, run).ended);
  }
  if (next === "clean") expect((await world.call("clean")).exit).toBe(0);
  const end = await world.json("sweep");
  assertSweep(model, end, table);
  const again = journalOf(world, end.document.run).started;
  expect(
    again.filter((name) => ended.includes(name)),
    `tested again after ${ended.join(", ")} had ended`,
  ).toEqual([]);
}

async function killAfter({ world }: ModelWorld, count: number): Promise<boolean> {
  const sweep = world.start("sweep");
  let lines = 0;
  sweep.child.stderr?.on("data", (part: string | Buffer) => {
    lines += String(part).split("\n").length - 1;
    if (lines >= count) sweep.child.kill("SIGKILL");
  });
  return (await sweep.end).signal === "SIGKILL";
}

function recipeOf({ recipes }: ModelWorld, index: number): ModelRecipe {
  const found = recipes[index];
  if (found === undefined) throw new Error(`no recipe ${index}`);
  return found;
}

function latestOf({ expected }: ModelRecipe): number | null {
  return expected.tags.size === 0 ? null : Math.max(...expected.tags.keys());
}

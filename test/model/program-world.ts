import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { HistoryEntry } from "../../src/canonical/store.ts";
import type { Report } from "../../src/core/records/report.ts";
import { script } from "../support/sample-app.ts";
import { createWorld, labelsOf, rowOf, type SampleRecipe, type World } from "../support/world.ts";
import {
  type ExpectedRecipe,
  type ExpectedSweep,
  expectSweep,
  newRecipe,
  type Quality,
  VERSIONS,
} from "./expected.ts";

/** A recipe in the world, and what is expected of it. */
export interface ModelRecipe {
  sample: SampleRecipe;
  expected: ExpectedRecipe;
}

export interface ModelWorld {
  world: World;
  recipes: readonly ModelRecipe[];
}

/** A world with two recipes whose tests do what a file says of each version: red, skipped, or green. */
export function openModelWorld(whenDone: (end: () => void | Promise<void>) => void): ModelWorld {
  const world = createWorld({}, whenDone);
  writeFileSync(qualities(world), "");
  const test = script(
    `says() { grep -qxF "$SWEEP_RECIPE $SWEEP_VERSION $1" ${qualities(world)}; }`,
    'if says "$SWEEP_TIER"; then echo "error: red by design"; exit 1; fi',
    'if says "skips-$SWEEP_TIER"; then echo "by design"; exit 77; fi',
  );
  const files = {
    "tests/install/quality": test,
    "tests/upgrade/quality": test,
    "tests/custom/quality": test,
  };
  const recipes = ["alpha", "beta"].map((name) => ({
    sample: world.recipe(name, { files }),
    expected: newRecipe(),
  }));
  return { world, recipes };
}

/** Publishes a release, or moves its tag to a new commit. */
export function publish(
  { world }: ModelWorld,
  { sample, expected }: ModelRecipe,
  at: number,
  quality: Quality,
): void {
  const version = VERSIONS[at] ?? "";
  const before = readFileSync(qualities(world), "utf8").split("\n");
  const others = before.filter((line) => line !== "" && !line.startsWith(`${sample.name} ${version} `));
  writeFileSync(qualities(world), [...others, `${sample.name} ${version} ${quality}`, ""].join("\n"));
  const warm = '[ "$SWEEP_INSTANCE" = cold ] || { echo "error: not here"; exit 1; }\n';
  // A file of its own in each commit: a tag that is moved to the same tree would name the same commit.
  appendFileSync(join(world.root, "acts"), ".");
  sample.upstream.commit({ act: readFileSync(join(world.root, "acts"), "utf8") });
  const { commit } = sample.publish(version, quality === "fails-when-warm" ? warm : undefined);
  expected.tags.set(at, { commit, quality });
}

/** What the next sweep has to say of each recipe. */
export function expectTable({ recipes }: ModelWorld): Record<string, ExpectedSweep> {
  return Object.fromEntries(recipes.map(({ sample, expected }) => [sample.name, expectSweep(expected)]));
}

/** Looks whether a finished sweep is the one that was expected; from then on its canonicals are. */
export function assertSweep(
  model: ModelWorld,
  end: { document: Report; exit: number | null; stderr: string },
  table: Readonly<Record<string, ExpectedSweep>>,
): void {
  const { document: report, stderr } = end;
  const exit = end.exit ?? report.exit;
  const labels = labelsOf(report);
  for (const [name, { label }] of Object.entries(table))
    expect(labels[name]?.startsWith(label), `${name}: ${labels[name]} instead of ${label}\n${stderr}`).toBe(
      true,
    );
  for (const { sample, expected } of model.recipes) {
    const row = rowOf(report, sample.name);
    expected.canonical = table[sample.name]?.canonical ?? null;
    const after = expected.canonical && {
      version: VERSIONS[expected.canonical.at],
      commit: expected.canonical.commit,
    };
    expect(row.canonicalAfter, row.label).toEqual(after);
  }
  assertCounts(report);
  expect(exit).toBe(Object.values(labels).every((label) => /^(SKIP|PASS \()/.test(label)) ? 0 : 3);
}

/** What the disk says is what is expected: record, data and history of every recipe. */
export function assertStanding(model: ModelWorld): void {
  for (const { sample, expected } of model.recipes) {
    const record = sample.record();
    const proven = record === null || record.status === "revoked" ? null : record;
    const found = proven && { version: proven.version, commit: proven.commit };
    const { canonical } = expected;
    expect(found, sample.name).toEqual(
      canonical && { version: VERSIONS[canonical.at], commit: canonical.commit },
    );
    if (record !== null) expect(sample.notes()).toContain(`the sentinel of ${sample.name}`);
    else expect(sample.notes()).toBeNull();
    assertHistory(model.world, sample.name, proven?.version ?? null);
    expect(existsSync(join(model.world.state, "snapshots", sample.name))).toBe(false);
    expect(model.world.read("canonical", sample.name, "promotion.json")).toBeNull();
  }
  expect(model.world.processes()).toEqual([]);
}

/** The recipes whose test ended with a verdict in a run, and those whose test began. */
export function journalOf(world: World, run: string): { ended: string[]; started: string[] } {
  const text = world.read("runs", run, "journal.jsonl") ?? "";
  // A kill may have cut the last line short.
  const lines = text
    .split("\n")
    .slice(0, -1)
    .filter((line) => line !== "");
  const events = lines.map((line) => JSON.parse(line) as { event: string; recipe: string; label?: string });
  const started = events.filter(({ event }) => event === "started").map(({ recipe }) => recipe);
  const labelled = events.filter(
    ({ event, label }) => event === "labelled" && /^(PASS|FAIL|GREEN)/.test(label ?? ""),
  );
  return { ended: labelled.map(({ recipe }) => recipe), started };
}

function assertCounts({ honesty, recipes }: Report): void {
  const { blocked, failed, notRun, passed, promoteFailed, skipped } = honesty;
  expect(skipped + passed + failed + promoteFailed + blocked + notRun).toBe(honesty.enrolled);
  expect(honesty.enrolled).toBe(recipes.length);
  expect(honesty.promoted).toBe(recipes.filter((row) => row.promotion?.result === "promoted").length);
  expect(honesty.tiersPlanned).toBe(recipes.flatMap((row) => row.tiers).length);
  expect(honesty.hollow).toBe(false);
}

/** The history leads from record to record, and ends at the one that stands. */
function assertHistory(world: World, recipe: string, version: string | null): void {
  const text = world.read("canonical", recipe, "history.jsonl") ?? "";
  let current: string | null = null;
  for (const line of text.split("\n").filter((each) => each !== "")) {
    const { event, from, to } = HistoryEntry.parse(JSON.parse(line));
    if (event === "seed" || event === "advance") {
      expect([event, from]).toEqual([current === null ? "seed" : "advance", current]);
      current = to;
    }
    if (event === "revoked") current = null;
  }
  expect(current, `the history of ${recipe}\n${text}`).toBe(version);
}

function qualities(world: World): string {
  return join(world.root, "qualities");
}

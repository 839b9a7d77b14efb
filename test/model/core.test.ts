import fc from "fast-check";
import { expect, it } from "vitest";
import { provenRecord } from "../../src/core/canonical.ts";
import { exitOf, type SweepEnd } from "../../src/core/exit-code.ts";
import { hollowReasons, honestyOf } from "../../src/core/label/honesty.ts";
import { labelKind } from "../../src/core/label/label.ts";
import type { RecipeReport } from "../../src/core/records/report.ts";
import { type CoreOptions, type CoreRecipe, sweepCore } from "./core-sweep.ts";
import { type ExpectedRecipe, expectSweep, newRecipe, RANDOM_QUALITIES, VERSIONS } from "./expected.ts";

const RUNS = 250 * Number(process.env.MODEL_RUNS ?? 6);
const NAMES = ["gitea", "keycloak", "nextcloud"];

/** The pure parts of the program, and what is expected of them. */
interface Real {
  recipes: CoreRecipe[];
  sweeps: number;
}
type Model = { recipes: ExpectedRecipe[] };

/** A change to one recipe of both, or a sweep of all. */
class Act implements fc.Command<Model, Real> {
  private readonly name: string;
  private readonly act: (model: Model, real: Real) => void;

  constructor(name: string, act: (model: Model, real: Real) => void) {
    this.name = name;
    this.act = act;
  }

  check(): boolean {
    return true;
  }

  run(model: Model, real: Real): void {
    this.act(model, real);
  }

  toString(): string {
    return this.name;
  }
}

const which = fc.nat({ max: NAMES.length - 1 });
const place = fc.nat({ max: VERSIONS.length - 1 });
const quality = fc.constantFrom(...RANDOM_QUALITIES);
const commit = fc.constantFrom("a", "b", "c").map((digit) => digit.repeat(40));

const publish = fc.tuple(which, place, quality, commit).map(
  ([index, at, how, id]) =>
    new Act(`publish ${NAMES[index]} ${VERSIONS[at]} (${how}) at ${id[0]}`, ({ recipes }, real) => {
      recipes[index]?.tags.set(at, { commit: id, quality: how });
      const recipe = recipeOf(real, index);
      const name = VERSIONS[at] ?? "";
      recipe.tags = [...recipe.tags.filter((tag) => tag.name !== name), { name, object: id, commit: id }];
      recipe.qualities.set(name, how);
    }),
);
const deleteTag = fc.tuple(which, place).map(
  ([index, at]) =>
    new Act(`delete ${NAMES[index]} ${VERSIONS[at]}`, ({ recipes }, real) => {
      recipes[index]?.tags.delete(at);
      const recipe = recipeOf(real, index);
      recipe.tags = recipe.tags.filter((tag) => tag.name !== VERSIONS[at]);
    }),
);
const breakRelease = fc.tuple(which, place).map(
  ([index, at]) =>
    new Act(`broken ${NAMES[index]} ${VERSIONS[at]}`, ({ recipes }, real) => {
      recipes[index]?.broken.add(at);
      recipeOf(real, index).broken[VERSIONS[at] ?? ""] = "its image is gone";
    }),
);
const junkTag = which.map(
  (index) =>
    new Act(`a tag of ${NAMES[index]} that is no release`, (_, real) => {
      const recipe = recipeOf(real, index);
      for (const name of ["9.0.0", "3.0.0-rc.1+9", "nightly"])
        recipe.tags = [
          ...recipe.tags.filter((tag) => tag.name !== name),
          { name, object: "f".repeat(40), commit: "f".repeat(40) },
        ];
    }),
);
const hold = fc.tuple(which, fc.boolean()).map(
  ([index, held]) =>
    new Act(`${held ? "hold" : "release"} ${NAMES[index]}`, ({ recipes }, real) => {
      const expected = recipes[index];
      if (expected !== undefined) expected.held = held;
      recipeOf(real, index).held = held;
    }),
);
const revoke = which.map(
  (index) =>
    new Act(`revoke ${NAMES[index]}`, ({ recipes }, real) => {
      const expected = recipes[index];
      if (expected !== undefined) expected.canonical = null;
      const recipe = recipeOf(real, index);
      if (recipe.record.state === "read")
        recipe.record = { state: "read", record: { ...recipe.record.record, status: "revoked" } };
    }),
);
const trouble = fc.record({
  unreachable: fc.option(which, { freq: 6 }),
  machinery: fc.option(which, { freq: 6 }),
  unreadable: fc.option(which, { freq: 8 }),
  noPromote: fc.nat({ max: 7 }).map((dice) => dice === 0),
});
const sweep = trouble.map(
  (options) => new Act(`sweep ${JSON.stringify(options)}`, (model, real) => sweepAll(model, real, options)),
);
const kill = fc.tuple(which, fc.constantFrom("before-record" as const, "after-record" as const)).map(
  ([index, killed]) =>
    new Act(`a sweep that is killed at ${NAMES[index]}, ${killed}`, (model, real) => {
      const recipe = recipeOf(real, index);
      const expected = model.recipes[index] ?? newRecipe();
      const before = recipe.record;
      const wanted = expectSweep(expected);
      const row = sweepCore(recipe, { ...optionsOf(real), killed });
      if (row !== null) assertRow(row, expected, wanted.label);
      // Killed before the record was replaced: nothing has changed. After it: the new canonical counts.
      if (row === null && killed === "before-record") expect(recipe.record).toBe(before);
      else expected.canonical = wanted.canonical;
      assertRecord(recipe, expected);
    }),
);

function optionsOf(real: Real): CoreOptions {
  real.sweeps += 1;
  return { run: `run-${real.sweeps}`, unreachable: false, machinery: false, killed: null, ruledOutBy: null };
}

function recipeOf(real: Real, index: number): CoreRecipe {
  const recipe = real.recipes[index];
  if (recipe === undefined) throw new Error(`no recipe ${index}`);
  return recipe;
}

type Trouble = typeof trouble extends fc.Arbitrary<infer T> ? T : never;

function sweepAll(model: Model, real: Real, options: Trouble): void {
  const common = optionsOf(real);
  const rows = real.recipes.map((recipe, index) => {
    const expected = model.recipes[index] ?? newRecipe();
    const readable = recipe.record;
    if (options.unreadable === index) recipe.record = { state: "unreadable", problem: "not JSON" };
    const ruledOutBy = options.noPromote ? "--no-promote" : null;
    const [unreachable, machinery] = [options.unreachable === index, options.machinery === index];
    const row = sweepCore(recipe, { ...common, unreachable, machinery, ruledOutBy });
    if (row === null) throw new Error("nobody killed it");
    if (options.unreadable === index) {
      // Whatever upstream has: nothing is seeded over a record that cannot be read.
      expect(["SKIP", "BLOCKED"]).toContain(labelKind(row.label));
      expect(recipe.record.state).toBe("unreadable");
      recipe.record = readable;
      return row;
    }
    assertTroubled(row, expected, { unreachable, machinery, ruledOutBy });
    assertRecord(recipe, expected);
    return row;
  });
  assertTable(rows, options);
}

function assertTroubled(
  row: RecipeReport,
  expected: ExpectedRecipe,
  { unreachable, machinery, ruledOutBy }: Pick<CoreOptions, "unreachable" | "machinery" | "ruledOutBy">,
): void {
  const wanted = expectSweep(expected);
  const label = labelInTrouble();
  assertRow(row, expected, label ?? wanted.label);
  if (label === null) expected.canonical = wanted.canonical;

  function labelInTrouble(): string | null {
    if (unreachable && !expected.held) return "BLOCKED (sync-failed";
    if (machinery && wanted.tested) return "BLOCKED (machinery: Docker is away)";
    const wouldPromote = /^(PASS|GREEN)/.test(wanted.label);
    return ruledOutBy !== null && wouldPromote ? "PASS-NOT-PROMOTED (" : null;
  }
}
function assertRow(row: RecipeReport, before: ExpectedRecipe, label: string): void {
  expect(row.label.startsWith(label), `${row.label} instead of ${label}`).toBe(true);
  const wasPromoted = labelKind(row.label) === "PASS";
  const from =
    before.canonical === null
      ? null
      : { version: VERSIONS[before.canonical.at], commit: before.canonical.commit };
  expect(row.canonicalBefore).toEqual(from);
  if (!wasPromoted) expect(row.canonicalAfter).toEqual(from);
  // Only what was tested as a tag, whole and green, is promoted, and only over something older.
  if (!wasPromoted) return;
  expect(row.label).toBe(`PASS (promoted ${row.canonicalAfter?.version})`);
  expect(row.tiers.every((end) => end.status === "passed")).toBe(true);
  const at = (VERSIONS as readonly (string | undefined)[]).indexOf(row.canonicalAfter?.version);
  expect(before.tags.get(at)?.commit).toBe(row.canonicalAfter?.commit);
  expect(at).toBeGreaterThan(before.canonical?.at ?? -1);
}

function assertRecord(recipe: CoreRecipe, { canonical }: ExpectedRecipe): void {
  const proven = provenRecord(recipe.record);
  const found = proven && { version: proven.version, commit: proven.commit };
  expect(found).toEqual(canonical && { version: VERSIONS[canonical.at], commit: canonical.commit });
}

function assertTable(rows: readonly RecipeReport[], options: Trouble): void {
  const facts = { enrolled: NAMES, floor: 1, lastUnknown: null, before: NAMES, declined: [] };
  expect(hollowReasons(facts, rows)).toEqual([]);
  const honesty = honestyOf(rows, false);
  const { blocked, failed, notRun, passed, promoteFailed, skipped } = honesty;
  expect(skipped + passed + failed + promoteFailed + blocked + notRun).toBe(NAMES.length);
  expect(honesty.promoted).toBe(rows.filter((row) => row.label.startsWith("PASS (")).length);
  expect(honesty.tiersExecuted).toBeLessThanOrEqual(honesty.tiersPlanned);
  const end: SweepEnd = {
    rows,
    hollow: false,
    machinery: false,
    unpromotedByRequest: options.noPromote,
    onlySync: false,
    unmended: false,
    interrupted: null,
  };
  const isQuiet = rows.every(
    (row) => /^(SKIP|PASS \()/.test(row.label) || (options.noPromote && row.label.startsWith("PASS-NOT")),
  );
  expect(exitOf(end)).toBe(isQuiet ? 0 : 3);
  expect(exitOf({ ...end, hollow: true })).toBe(4);
  expect(exitOf({ ...end, hollow: true, machinery: true })).toBe(5);
  expect(exitOf({ ...end, hollow: true, machinery: true, interrupted: "SIGTERM" })).toBe(143);
}

it("the core, whatever upstream, people and kills do: a red never changes a canonical, only newer tagged greens are promoted, every label says what the record says, and the counts add up", () => {
  const acts = [
    publish,
    publish,
    publish,
    deleteTag,
    breakRelease,
    junkTag,
    hold,
    revoke,
    sweep,
    sweep,
    sweep,
    kill,
  ];
  fc.assert(
    fc.property(fc.commands(acts, { maxCommands: 40, size: "max" }), (commands) => {
      const real = {
        recipes: NAMES.map(
          (recipe): CoreRecipe => ({
            recipe,
            tags: [],
            qualities: new Map(),
            broken: {},
            held: false,
            record: { state: "absent" },
          }),
        ),
        sweeps: 0,
      };
      const model = { recipes: NAMES.map(newRecipe) };
      fc.modelRun(() => ({ model, real }), commands);
      assertQuiet(real);
    }),
    { numRuns: RUNS },
  );
});

/** Two sweeps in a row: every recipe that stands at its latest release is skipped, and every other says why it is not. */
function assertQuiet(real: Real): void {
  for (const recipe of real.recipes) {
    const first = sweepCore(recipe, optionsOf(real));
    const { record } = recipe;
    const second = sweepCore(recipe, optionsOf(real));
    expect(recipe.record, "a second sweep changed the record").toBe(record);
    const kind = labelKind(first?.label ?? "");
    expect(second?.label).toBe(kind === "PASS" ? "SKIP no-new-version" : first?.label);
  }
}

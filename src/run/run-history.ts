import type { Config } from "../config/config.ts";
import { firstFailure } from "../core/first-failure.ts";
import type { HollowFacts } from "../core/label/honesty.ts";
import { kindOf } from "../core/label/label.ts";
import type { FormerRow } from "../core/label/red-since.ts";
import type { Report } from "../core/records/report.ts";
import { type RunReading, readRun } from "../report/run-store.ts";
import { listRunIds, type StatePaths } from "../state/paths.ts";

/** The parts of a report that a later run needs: there may be years of them. */
export interface FormerReport extends Pick<Report, "kind" | "startedAt" | "endedAt"> {
  hollow: boolean;
  tools: Report["environment"]["tools"];
  rows: readonly FormerTest[];
}

interface FormerTest extends FormerRow {
  recipe: string;
  commit: string | null;
  /** False for a commit tested by hand, which says nothing about releases. */
  isOfRelease: boolean;
  /** Duration of its test, in milliseconds; null if nothing was tested. */
  testMs: number | null;
  /** The killed run that tested it, if a sweep continued one. */
  testedIn: string | null;
}

/** An earlier run. `absent` has no report, because it was cut short or makes none. */
export type FormerRun =
  | { run: string; state: "read"; report: FormerReport }
  | Exclude<RunReading, { state: "read" }>;

/** Earlier runs. Each report is read once, on first request. */
export interface RunHistory {
  /** Newest first; each report is read in its turn. */
  runs(): Generator<FormerRun, void>;
  /** The last full sweep; null if none can be read. */
  lastSweep(): FormerReport | null;
  /** Rows of a recipe's releases in earlier runs, newest first. */
  rowsOf(recipe: string): readonly FormerTest[];
  /** Duration of a recipe's last test, in milliseconds; null if none of the last runs had one. */
  expectedMs(recipe: string): number | null;
}

/** At most this many runs are searched for the duration of a test. */
const RUNS_LOOKED_AT = 8;

/** The history before the run `own`, or before now if that is null. */
export function createRunHistory(state: StatePaths, own: string | null): RunHistory {
  let ids: string[] | null = null;
  const known: FormerRun[] = [];
  function* runs(): Generator<FormerRun, void> {
    ids ??= listRunIds(state).filter((id) => id !== own);
    for (const [index, id] of ids.toReversed().entries()) {
      known[index] ??= readFormer(state, id);
      yield known[index];
    }
  }
  let rows: Map<string, FormerTest[]> | null = null;
  let durations: Map<string, number> | null = null;
  return {
    runs,
    lastSweep: () => lastSweepOf(runs(), () => true).report,
    rowsOf: (recipe) => {
      rows ??= rowsByRecipe(runs());
      return rows.get(recipe) ?? [];
    },
    expectedMs: (recipe) => {
      durations ??= readDurations(runs());
      return durations.get(recipe) ?? null;
    },
  };
}

/**
 * The facts that decide whether the configuration is believed: the floor, and the recipes enrolled in the last sweep.
 * Hollow sweeps do not count as the last one: a missing recipe is named until somebody gives the reason.
 */
export function hollowFacts(config: Config, history: RunHistory): HollowFacts {
  const last = lastSweepOf(history.runs(), ({ hollow }) => !hollow);
  return {
    enrolled: config.recipes.filter((recipe) => recipe.enrolled).map((recipe) => recipe.recipe),
    floor: config.floor,
    lastUnknown: last.report === null ? last.unreadable : null,
    before: last.report?.rows.map((row) => row.recipe) ?? [],
    declined: config.recipes.filter((recipe) => !recipe.enrolled).map((recipe) => recipe.recipe),
  };
}

function readFormer(state: StatePaths, run: string): FormerRun {
  const reading = readRun(state, run);
  if (reading.state !== "read") return reading;
  const { kind, startedAt, endedAt, honesty, environment, recipes } = reading.report;
  const rows = recipes.map((row) => ({
    run,
    at: endedAt,
    recipe: row.recipe,
    label: row.label,
    outcome: row.outcome,
    failure: firstFailure(row),
    commit: row.target?.commit ?? null,
    isOfRelease: row.target === null || row.target.tagObject !== null,
    testMs: kindOf(row) !== "SKIP" && row.tiers.length > 0 ? row.durationMs : null,
    testedIn: row.testedIn ?? null,
  }));
  const report = { kind, startedAt, endedAt, hollow: honesty.hollow, tools: environment.tools, rows };
  return { run, state: "read", report };
}

function lastSweepOf(
  runs: Iterable<FormerRun>,
  counts: (report: FormerReport) => boolean,
): { report: FormerReport | null; unreadable: string | null } {
  let unreadable: string | null = null;
  for (const former of runs) {
    if (former.state === "unreadable") unreadable ??= former.problem;
    if (former.state !== "read" || former.report.kind !== "sweep") continue;
    if (counts(former.report)) return { report: former.report, unreadable };
  }
  return { report: null, unreadable };
}

function rowsByRecipe(runs: Iterable<FormerRun>): Map<string, FormerTest[]> {
  const rows = [...runs].flatMap((former) => (former.state === "read" ? former.report.rows : []));
  return Map.groupBy(
    rows.filter(({ isOfRelease }) => isOfRelease),
    ({ recipe }) => recipe,
  );
}

function readDurations(runs: Iterable<FormerRun>): Map<string, number> {
  const durations = new Map<string, number>();
  let looked = 0;
  for (const former of runs) {
    looked += 1;
    for (const { recipe, testMs } of former.state === "read" ? former.report.rows : [])
      if (testMs !== null && !durations.has(recipe)) durations.set(recipe, testMs);
    if (looked === RUNS_LOOKED_AT) break;
  }
  return durations;
}

import { keptProblem, readRecord } from "../canonical/store.ts";
import type { RecordReading } from "../core/canonical.ts";
import { labelKind } from "../core/label.ts";
import type { RecipeReport, Report } from "../core/report.ts";
import { compareVersions, parseVersion } from "../core/version.ts";
import { Fault } from "../fault.ts";
import { listFolder } from "../state/files.ts";
import type { StatePaths } from "../state/paths.ts";
import { nextCommand } from "./next-command.ts";
import { type RunReading, readRuns } from "./run-store.ts";

/** The last thing that is known of a recipe. */
export interface StandingRow {
  row: RecipeReport;
  run: string;
  /** When that run ended, ISO 8601. */
  at: string;
  /** The end of the run since which the label has been of this kind, without a break. */
  since: string;
  /** The one command with which a person begins. */
  command: string;
}

export interface Standing {
  /** The last sweep; runs by hand do not count. */
  sweep: Report | null;
  /** The newest row of each recipe that the last sweep had, or that was run by hand since, by name. */
  rows: StandingRow[];
  canonicals: { recipe: string; reading: RecordReading }[];
  /** Records and reports that cannot be read. */
  problems: string[];
}

/** What stands now, read from the state folder. Nothing that is broken in it keeps the rest from being read. */
export function readStanding(state: StatePaths): Standing {
  const problems: string[] = [];
  const runs = orProblem(() => readRuns(state), problems);
  const reports = runs.flatMap((reading) => (reading.state === "read" ? [reading.report] : []));
  const sweep = reports.find((report) => report.kind === "sweep") ?? null;
  const canonicals = orProblem(() => readCanonicals(state), problems);
  return {
    sweep,
    rows: standingRows(reports, sweep),
    canonicals,
    problems: [
      ...problems,
      ...problemsOfRuns(runs),
      ...problemsOfRecords(canonicals),
      ...canonicals.flatMap(({ recipe }) => keptProblem(state.canonical(recipe).kept) ?? []),
    ],
  };
}

/** What `read` finds; where a folder itself cannot be read: nothing, and that is said in `problems`. */
export function orProblem<T>(read: () => T[], problems: string[]): T[] {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    problems.push(error.message);
    return [];
  }
}

function readCanonicals(state: StatePaths): Standing["canonicals"] {
  return listFolder(state.canonicals)
    .map((recipe) => ({ recipe, reading: readRecord(state.canonical(recipe), recipe) }))
    .filter(({ reading }) => reading.state !== "absent");
}

function standingRows(reports: readonly Report[], sweep: Report | null): StandingRow[] {
  const current = sweep === null ? reports : reports.slice(0, reports.indexOf(sweep) + 1);
  const recipes = new Set(current.flatMap((report) => report.recipes.map((row) => row.recipe)));
  return [...recipes].sort().flatMap((recipe) => {
    const rows = reports.flatMap((report) =>
      report.recipes
        .filter((row) => row.recipe === recipe && (report.kind === "sweep" || isTelling(row)))
        .map((row) => ({ row, run: report.run, at: report.endedAt })),
    );
    const [newest] = rows;
    if (newest === undefined) return [];
    const kind = labelKind(newest.row.label);
    const change = rows.findIndex(({ row }) => labelKind(row.label) !== kind);
    const first = rows[(change === -1 ? rows.length : change) - 1] ?? newest;
    return [{ ...newest, since: first.at, command: nextCommand(newest.row, newest.run) }];
  });
}

// A branch or an older release that somebody tried by hand says nothing of how the recipe stands.
function isTelling({ target, canonicalBefore }: RecipeReport): boolean {
  if (target === null) return true;
  if (target.tagObject === null) return false;
  const tested = parseVersion(target.version);
  const canonical = canonicalBefore === null ? null : parseVersion(canonicalBefore.version);
  if ("problem" in tested || canonical === null || "problem" in canonical) return true;
  return compareVersions(tested.version, canonical.version) >= 0;
}

function problemsOfRuns(runs: readonly RunReading[]): string[] {
  return runs.flatMap((reading) => (reading.state === "unreadable" ? [reading.problem] : []));
}

function problemsOfRecords(canonicals: Standing["canonicals"]): string[] {
  return canonicals.flatMap(({ reading }) => (reading.state === "unreadable" ? [reading.problem] : []));
}

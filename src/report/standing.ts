import { keptProblem, readRecord } from "../canonical/store.ts";
import { kindOf } from "../core/label/label.ts";
import type { RecipeReport, Report } from "../core/records/report.ts";
import { compareCodePoints, compareVersions, parseVersion } from "../core/version.ts";
import { nextCommand } from "../core/view/next-command.ts";
import type { StandingFacts, StandingRow } from "../core/view/status-view.ts";
import { Fault, orFault } from "../fault.ts";
import { listFolder } from "../state/files.ts";
import type { StatePaths } from "../state/paths.ts";
import { eachRun } from "./run-store.ts";

/** Labels kept as the past of a row. */
const LONGEST_PAST = 12;

export type Standing = Pick<StandingFacts, "sweep" | "rows" | "canonicals" | "problems">;

/** The current state, from the state folder. Nothing broken in it prevents reading the rest. */
export function readStanding(state: StatePaths): Standing {
  const problems: string[] = [];
  const seen = createSeen();
  orProblem(() => {
    for (const reading of eachRun(state)) {
      if (reading.state === "read") seen.add(reading.report);
      if (reading.state === "unreadable") problems.push(reading.problem);
    }
    return [];
  }, problems);
  const canonicals = orProblem(() => readCanonicals(state), problems);
  return {
    sweep: seen.sweep(),
    rows: seen.rows(),
    canonicals,
    problems: [
      ...problems,
      ...problemsOfRecords(canonicals),
      ...canonicals.flatMap(({ recipe }) => keptProblem(state.canonical(recipe).kept) ?? []),
    ],
  };
}

/** The result of `read`; if a folder itself is unreadable: empty, with an entry in `problems`. */
export function orProblem<T>(read: () => T[], problems: string[]): T[] {
  const found = orFault(read);
  if (!(found instanceof Fault)) return found;
  problems.push(found.message);
  return [];
}

function readCanonicals(state: StatePaths): Standing["canonicals"] {
  return listFolder(state.canonicals)
    .map((recipe) => ({ recipe, reading: readRecord(state.canonical(recipe), recipe) }))
    .filter(({ reading }) => reading.state !== "absent");
}

interface Seen {
  /** Adds a report; they come newest first. Only the needed parts of each are kept. */
  add(report: Report): void;
  sweep(): Report | null;
  rows(): StandingRow[];
}

function createSeen(): Seen {
  let sweep: Report | null = null;
  // Null: not seen in a row that shows its state. A recipe that only older sweeps had is not current.
  const recipes = new Map<string, StandingRow | null>();
  const ended = new Set<string>();
  const addRow = (report: Report, row: RecipeReport) => {
    const known = recipes.get(row.recipe);
    if (known === undefined && sweep !== null && sweep !== report) return;
    recipes.set(row.recipe, known ?? null);
    if (report.kind !== "sweep" && !isTelling(row)) return;
    recipes.set(row.recipe, later(known ?? null, report, row, ended));
  };
  return {
    add: (report) => {
      if (report.kind === "sweep") sweep ??= report;
      for (const row of report.recipes) addRow(report, row);
    },
    sweep: () => sweep,
    rows: () =>
      [...recipes.values()]
        .filter((row) => row !== null)
        .sort((a, b) => compareCodePoints(a.row.recipe, b.row.recipe)),
  };
}

// `ended` has the recipes whose label was once of another kind: older rows do not count for `since`.
function later(
  known: StandingRow | null,
  report: Report,
  row: RecipeReport,
  ended: Set<string>,
): StandingRow {
  const kind = kindOf(row);
  if (known === null) {
    const command = nextCommand(row, report.run);
    return { row, run: report.run, at: report.endedAt, since: report.endedAt, command, past: [kind] };
  }
  const past = known.past.length < LONGEST_PAST ? [...known.past, kind] : known.past;
  if (kindOf(known.row) !== kind) ended.add(row.recipe);
  return { ...known, past, since: ended.has(row.recipe) ? known.since : report.endedAt };
}

// A branch or an older release tested by hand says nothing about the recipe's state.
function isTelling({ target, canonicalBefore }: RecipeReport): boolean {
  if (target === null) return true;
  if (target.tagObject === null) return false;
  const tested = parseVersion(target.version);
  const canonical = canonicalBefore === null ? null : parseVersion(canonicalBefore.version);
  if ("problem" in tested || canonical === null || "problem" in canonical) return true;
  return compareVersions(tested.version, canonical.version) >= 0;
}

function problemsOfRecords(canonicals: Standing["canonicals"]): string[] {
  return canonicals.flatMap(({ reading }) => (reading.state === "unreadable" ? [reading.problem] : []));
}

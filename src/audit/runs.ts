import type { Canonical } from "../core/canonical.ts";
import type { RecipeReport } from "../core/records/report.ts";
import type { RunReading } from "../report/run-store.ts";

/** One line of a run's journal. */
export interface JournalEntry {
  ts: string;
  run: string;
  event: string;
  [fact: string]: unknown;
}

/** A run as found on disk. */
export interface RunFacts {
  run: string;
  reading: RunReading;
  reportFile: string;
  journalFile: string;
  journal: JournalEntry[];
  /** Malformed lines of the journal, including a torn last one. */
  strangeLines: number;
  /** Missing files that the report names, or that belong beside every report. */
  missingFiles: string[];
}

/** From the first to the last line of the journal, milliseconds since the epoch; null for an empty journal. */
export function spanOf({ journal }: Pick<RunFacts, "journal">): { from: number; to: number } | null {
  const times = journal.map((entry) => Date.parse(entry.ts)).filter((time) => !Number.isNaN(time));
  return times.length === 0 ? null : { from: Math.min(...times), to: Math.max(...times) };
}

/** The last line of a kind about a recipe. */
export function lastOf(
  { journal }: Pick<RunFacts, "journal">,
  event: string,
  recipe: string,
): JournalEntry | null {
  return journal.findLast((entry) => entry.event === event && entry.recipe === recipe) ?? null;
}

interface TestedRow {
  run: RunFacts;
  row: RecipeReport;
}

/** Every run with a report, and each of its rows. */
export function rowsOf(runs: readonly RunFacts[]): TestedRow[] {
  return runs.flatMap((run) =>
    run.reading.state === "read" ? run.reading.report.recipes.map((row) => ({ run, row })) : [],
  );
}

/** The row in which the run of a record tested its recipe; null for an adopted canonical. */
export function rowOfRecord(
  runs: readonly RunFacts[],
  { adopted, run }: Canonical,
  recipe: string,
): TestedRow | null {
  return run === undefined || adopted === true ? null : rowTestedIn(runs, run, recipe);
}

/** The row in which a run tested a recipe: its own, or that of the sweep that continued it after a kill. */
export function rowTestedIn(runs: readonly RunFacts[], id: string, recipe: string): TestedRow | null {
  const isIt = ({ run, row }: TestedRow) => row.recipe === recipe && (row.testedIn ?? run.run) === id;
  return rowsOf(runs).find(isIt) ?? null;
}

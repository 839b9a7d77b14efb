import { type HistoryEntry, inspectHistory } from "../canonical/store.ts";
import { kindOf } from "../core/label/label.ts";
import { LABEL_KINDS } from "../core/outcome.ts";
import type { Report } from "../core/records/report.ts";
import type { HistoryLine, RunLine } from "../core/view/history-lines.ts";
import { Fault, orFault } from "../fault.ts";
import type { StatePaths } from "../state/paths.ts";
import { readInvestigation } from "./investigations.ts";
import { whyNoReport } from "./no-report.ts";
import { eachRun, type RunReading } from "./run-store.ts";

/** Every kept run, newest first. */
export function historyOfRuns(state: StatePaths): RunLine[] {
  return Array.from(
    eachRun(state),
    (reading) => investigationLine(state, reading) ?? runLine(state, reading),
  );
}

// An investigation makes no report: its result is in a separate file.
function investigationLine(state: StatePaths, { run, state: report }: RunReading): RunLine | null {
  if (report !== "absent") return null;
  const reading = readInvestigation(state, run);
  if (reading.state !== "read") return null;
  const { cause, recipe, release, startedAt } = reading.value;
  const counts = `${recipe} ${release.version}: ${cause}`;
  return { run, kind: "investigate", exit: null, startedAt, counts, problem: null };
}

function runLine(state: StatePaths, reading: RunReading): RunLine {
  if (reading.state === "read") {
    const { run, kind, trigger, exit, startedAt } = reading.report;
    return {
      run,
      kind: `${kind}, ${trigger}`,
      exit,
      startedAt,
      counts: countLabels(reading.report),
      problem: null,
    };
  }
  const problem =
    reading.state === "absent" ? `no report: ${whyNoReport(state, reading.run)}` : reading.problem;
  return { run: reading.run, kind: "", exit: null, startedAt: null, counts: "", problem };
}

function countLabels({ recipes }: Report): string {
  return LABEL_KINDS.map((kind) => [kind, recipes.filter((row) => kindOf(row) === kind).length] as const)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(", ");
}

/** One recipe over time, newest first, together with unreadable files. */
export function historyOfRecipe(
  state: StatePaths,
  recipe: string,
): { lines: HistoryLine[]; problems: string[] } {
  const labels: HistoryLine[] = [];
  const problems: string[] = [];
  for (const reading of eachRun(state)) {
    if (reading.state === "read") labels.push(...labelLines(reading.report, recipe));
    if (reading.state === "unreadable") problems.push(reading.problem);
  }
  const history = historyOf(state, recipe);
  const events = history.entries.map(eventLine);
  return {
    lines: [...labels, ...events].sort((a, b) => Date.parse(b.at) - Date.parse(a.at)),
    problems: [...problems, ...(history.problem === null ? [] : [history.problem])],
  };
}

function historyOf(state: StatePaths, recipe: string): ReturnType<typeof inspectHistory> {
  const history = orFault(() => inspectHistory(state.canonical(recipe)));
  return history instanceof Fault ? { entries: [], problem: history.message } : history;
}

function labelLines(report: Report, recipe: string): HistoryLine[] {
  return report.recipes
    .filter((row) => row.recipe === recipe)
    .map((row) => ({
      at: report.endedAt,
      run: report.run,
      what: row.label,
      outcome: row.outcome,
      isLabel: true,
      kind: kindOf(row),
      detail: row.detail,
      durationMs: row.durationMs,
      canonical: row.canonicalAfter?.version ?? null,
    }));
}

function eventLine(entry: HistoryEntry): HistoryLine {
  const reason = entry.reason === undefined ? "" : `: ${entry.reason}`;
  const way = entry.from === null ? (entry.to ?? "") : `${entry.from} → ${entry.to ?? "none"}`;
  return {
    at: entry.ts,
    run: entry.run,
    what: `canonical ${entry.event} ${way}${reason}`.trimEnd(),
    isLabel: false,
    kind: null,
    detail: entry.reason ?? "",
    durationMs: null,
    canonical: entry.to,
  };
}

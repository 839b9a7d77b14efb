import { exitOf } from "../core/exit-code.ts";
import { honestyOf } from "../core/honesty.ts";
import { REPORT_SCHEMA, type RecipeReport, type Report } from "../core/report.ts";
import { writeReport } from "../report/write-report.ts";
import { diskFacts } from "./disk.ts";
import { expiredFindings } from "./known-causes.ts";
import type { OpenRun } from "./open-run.ts";
import { notEnrolled } from "./plan.ts";

export interface RunEnd {
  kind: Report["kind"];
  rows: RecipeReport[];
  hollow: string[];
  machinery: boolean;
  unpromotedByRequest: boolean;
  onlySync: boolean;
  /** The run that was killed and that this sweep goes on with. */
  continues?: string | null;
}

/** Makes the report of a run, writes it with its other forms, and returns it. */
export function assembleReport(open: OpenRun, end: RunEnd): Report {
  const { run } = open;
  const { context } = run;
  const rows = end.rows.toSorted((a, b) => (a.recipe < b.recipe ? -1 : 1));
  const hollow = end.hollow.length > 0;
  const findings = expiredFindings(context);
  const report: Report = {
    schema: REPORT_SCHEMA,
    run: run.id,
    kind: end.kind,
    trigger: context.trigger,
    program: context.program,
    configuration: open.configuration,
    environment: run.environment,
    startedAt: new Date(open.startedMs).toISOString(),
    endedAt: new Date(context.clock.now()).toISOString(),
    exit: exitOf({ ...end, rows, hollow, interrupted: interruptedBy(context.signal) }),
    honesty: honestyOf(rows, hollow),
    hollowReasons: end.hollow,
    notEnrolled: notEnrolled(context),
    changes: changesSince(end.kind === "sweep" ? open.last : null, rows),
    disk: diskFacts(context),
    ...(end.continues == null ? {} : { continues: end.continues }),
    ...(findings.length === 0 ? {} : { findings }),
    recovered: open.recovered,
    recipes: rows,
  };
  writeReport(run.paths, report);
  run.note("ended", { exit: report.exit, honesty: report.honesty });
  return report;
}

/** The signal that ended the run early; null when none did. */
export function interruptedBy(signal: AbortSignal): "SIGINT" | "SIGTERM" | null {
  if (!signal.aborted) return null;
  return signal.reason === "SIGTERM" ? "SIGTERM" : "SIGINT";
}

function changesSince(last: Report | null, rows: readonly RecipeReport[]): Report["changes"] {
  if (last === null) return [];
  const before = new Map(last.recipes.map((row) => [row.recipe, row.label]));
  const after = new Map(rows.map((row) => [row.recipe, row.label]));
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .filter((recipe) => before.get(recipe) !== after.get(recipe))
    .map((recipe) => ({ recipe, before: before.get(recipe) ?? null, after: after.get(recipe) ?? null }));
}

import { readDowns } from "../../canonical/down.ts";
import { type Down, downLine } from "../../core/down.ts";
import { exitOf } from "../../core/exit-code.ts";
import { honestyOf } from "../../core/label/honesty.ts";
import { REPORT_SCHEMA, type RecipeReport, type Report } from "../../core/records/report.ts";
import { writeReport } from "../../report/write-report.ts";
import { diskFacts } from "../../run/disk.ts";
import type { OpenRun } from "../../run/open-run.ts";
import type { FormerReport } from "../../run/run-history.ts";
import { notEnrolled } from "../decide/plan.ts";
import { expiredFindings } from "../label/known-causes.ts";

export interface RunEnd {
  kind: Report["kind"];
  rows: RecipeReport[];
  hollow: string[];
  machinery: boolean;
  unpromotedByRequest: boolean;
  onlySync: boolean;
  /** The killed run that this sweep continues. */
  continues?: string | null;
}

/** Makes the report of a run, writes it in all its forms, and returns it. */
export function assembleReport(open: OpenRun, end: RunEnd): Report {
  const { run } = open;
  const { context } = run;
  // The work has ended: a promotion still unsettled is not known to be up.
  const down = readDowns(context.state, null);
  const rows = end.rows.map((row) => withDown(row, down)).sort((a, b) => (a.recipe < b.recipe ? -1 : 1));
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
    exit: exitOf({
      ...end,
      rows,
      hollow,
      unmended: down.length + open.unsettled.length > 0,
      interrupted: interruptedBy(context.signal),
    }),
    honesty: honestyOf(rows, hollow),
    hollowReasons: end.hollow,
    notEnrolled: notEnrolled(context),
    changes: changesSince(end.kind === "sweep" ? open.last : null, rows),
    disk: diskFacts(context),
    ...(end.continues == null ? {} : { continues: end.continues }),
    ...(findings.length === 0 ? {} : { findings }),
    recovered: open.recovered,
    ...(open.unsettled.length === 0 ? {} : { unsettled: [...open.unsettled] }),
    ...(down.length === 0 ? {} : { down }),
    recipes: rows,
  };
  writeReport(run.paths, report);
  run.note("ended", { exit: report.exit, honesty: report.honesty });
  return report;
}

/** Adds a warning to a row whose live canonical is down: whatever its label, somebody must know. */
function withDown(row: RecipeReport, downs: readonly Down[]): RecipeReport {
  const down = downs.find(({ recipe }) => recipe === row.recipe);
  if (down === undefined) return row;
  const onlyDown = row.needsHuman ? {} : { onlyDown: true };
  const downWarning = downLine(down);
  const warnings = [...(row.warnings ?? []), downWarning];
  return { ...row, ...onlyDown, needsHuman: true, warnings, downWarning };
}

/** The signal that ended the run early; null if there was none. */
export function interruptedBy(signal: AbortSignal): "SIGINT" | "SIGTERM" | null {
  if (!signal.aborted) return null;
  return signal.reason === "SIGTERM" ? "SIGTERM" : "SIGINT";
}

function changesSince(last: FormerReport | null, rows: readonly RecipeReport[]): Report["changes"] {
  if (last === null) return [];
  const before = new Map(last.rows.map((row) => [row.recipe, row.label]));
  const after = new Map(rows.map((row) => [row.recipe, row.label]));
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .filter((recipe) => before.get(recipe) !== after.get(recipe))
    .map((recipe) => ({ recipe, before: before.get(recipe) ?? null, after: after.get(recipe) ?? null }));
}

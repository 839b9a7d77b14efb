import { join } from "node:path";
import { EXIT } from "../../core/exit.ts";
import { BRIEF_SCHEMA, Brief } from "../../core/records/brief.ts";
import type { Investigation } from "../../core/records/investigation.ts";
import type { RecipeReport, Report } from "../../core/records/report.ts";
import { reportView } from "../../core/view/report-view.ts";
import { Fault } from "../../fault.ts";
import { renderInvestigation } from "../../render/investigation.ts";
import { renderParagraph } from "../../render/paragraph.ts";
import { renderRecipeReport } from "../../render/recipe-report.ts";
import { renderReport } from "../../render/report.ts";
import { newestInvestigation, readInvestigation } from "../../report/investigations.ts";
import { whyNoReport } from "../../report/no-report.ts";
import { findRun, readRun } from "../../report/run-store.ts";
import { readJson, readTextIfAny } from "../../state/files.ts";
import type { StatePaths } from "../../state/paths.ts";
import { type Invocation, textArgument, textOption } from "../invocation.ts";
import { nearest } from "../nearest.ts";
import { openState } from "../open-state.ts";
import { printResult } from "../print.ts";

const SHOW_SCHEMA = 1;

/** `show RUN [RECIPE] [--bundle FILE]`. */
export async function runShow(invocation: Invocation): Promise<number> {
  const { state, config } = openState(invocation);
  const run = findRun(state, textArgument(invocation, 0) ?? "");
  const bundle = textOption(invocation, "bundle");
  if (bundle !== null) {
    const { bundleRun } = await import("./bundle.ts");
    return bundleRun(invocation, { state, config, run, file: bundle });
  }
  const recipe = textArgument(invocation, 1);
  const investigation = readInvestigation(state, run);
  if (investigation.state === "read") return showInvestigation(invocation, state, investigation.value);
  const report = reportOf(state, run);
  if (recipe !== null) return showRecipe(invocation, state, report, recipe);
  printResult(
    invocation,
    report,
    (layout) =>
      renderReport(reportView(report), layout) +
      renderParagraph(`evidence: ${state.run(run).folder}`, layout),
  );
  return EXIT.ok;
}

function showInvestigation(invocation: Invocation, state: StatePaths, document: Investigation): number {
  printResult(invocation, document, (layout) =>
    renderInvestigation(document, state.run(document.run).folder, layout),
  );
  return EXIT.ok;
}

function showRecipe(invocation: Invocation, state: StatePaths, report: Report, recipe: string): number {
  const row = rowOf(report, recipe);
  const path = row.brief === null ? null : join(state.run(report.run).folder, row.brief);
  const brief = path === null ? null : readTextIfAny(path);
  const investigation = row.target && newestInvestigation(state, recipe, row.target.commit);
  printResult(
    invocation,
    {
      schema: SHOW_SCHEMA,
      run: report.run,
      ...row,
      briefText: brief,
      briefDocument: path === null ? null : readBrief(path),
      investigation,
    },
    (layout) => renderRecipeReport(row, brief, layout),
  );
  return EXIT.ok;
}

/** Reads `brief.json` next to `brief.md`; null if it is unreadable: the text is shown anyway. */
function readBrief(markdown: string): Brief | null {
  const reading = readJson(markdown.replace(/\.md$/, ".json"), Brief, BRIEF_SCHEMA);
  return reading.state === "read" ? reading.value : null;
}

function reportOf(state: StatePaths, run: string): Report {
  const reading = readRun(state, run);
  if (reading.state === "read") return reading.report;
  if (reading.state === "unreadable") throw new Fault("machinery", reading.problem, bundleHint(run));
  throw new Fault("usage", `run ${run} has no report: ${whyNoReport(state, run)}`, bundleHint(run));
}

function bundleHint(run: string): string {
  return `its evidence can be had all the same: canonical-sweep show ${run} --bundle FILE`;
}

function rowOf(report: Report, recipe: string): RecipeReport {
  const row = report.recipes.find((each) => each.recipe === recipe);
  if (row !== undefined) return row;
  const names = report.recipes.map((each) => each.recipe);
  const meant = nearest(recipe, names);
  const hint = meant === null ? `it has: ${names.join(" ") || "none"}` : `did you mean ${meant}?`;
  throw new Fault("usage", `run ${report.run} has no recipe '${recipe}'`, hint);
}

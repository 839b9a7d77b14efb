import { formatBytes, formatDuration } from "../duration.ts";
import type { RecipeReport, Report } from "../records/report.ts";
import { unmendedLines } from "../records/unmended-lines.ts";
import { type RowExtras, type RowView, rowView } from "./row-view.ts";

/** A name and what it is; `code` comes first, and is copied rather than read. */
export interface Fact {
  name: string;
  code: string;
  text: string;
}

/** A fact in one piece, for a painter to whom code is text like any other. */
export function plainFact({ name, code, text }: Fact): [name: string, value: string] {
  return [name, code + text];
}

/** All that a painter may show of a run. */
export interface ReportView
  extends Pick<Report, "run" | "kind" | "trigger" | "exit" | "startedAt" | "endedAt" | "honesty">,
    Pick<Report, "hollowReasons" | "notEnrolled"> {
  took: string;
  /** A line for each tool that differs from the last sweep's: what is found now may be theirs, not the recipes'. */
  toolChanges: readonly string[];
  needy: readonly RowView[];
  rest: readonly RowView[];
  changes: readonly { recipe: string; before: string; after: string }[];
  /** Which run it is, and when. */
  identity: readonly Fact[];
  /** What tested: program, configuration, environment. */
  tester: readonly Fact[];
  /** What happened beside the tests, and what the machine has left. */
  events: readonly Fact[];
  tools: Report["environment"]["tools"];
}

/** A report as it is shown, on a terminal, in Markdown, in a file and on a page. */
export function reportView(
  report: Report,
  extrasOf: (row: RecipeReport) => RowExtras = () => ({}),
): ReportView {
  const { run, kind, trigger, exit, startedAt, endedAt, honesty, hollowReasons, notEnrolled } = report;
  const { environment, recipes } = report;
  const rows = recipes.map((row) => rowView(row, { run, at: endedAt }, extrasOf(row)));
  const took = formatDuration(Date.parse(endedAt) - Date.parse(startedAt));
  return {
    ...{ run, kind, trigger, exit, startedAt, endedAt, honesty, hollowReasons, notEnrolled, took },
    toolChanges: environment.changes.map((change) => `a tool differs from the last sweep's: ${change}`),
    needy: rows.filter((row) => row.needsHuman),
    rest: rows.filter((row) => !row.needsHuman),
    changes: changesOf(report),
    identity: [
      fact("run", ` (${kind}, ${trigger}), exit ${exit}`, run),
      fact("time", `${startedAt}, ${took}`),
    ],
    tester: testerOf(report),
    events: eventsOf(report),
    tools: environment.tools,
  };
}

/** What changed since the last sweep, with words for a recipe that one of both did not have. */
export function changesOf({ changes }: Pick<Report, "changes">): ReportView["changes"] {
  const word = (label: string | null) => label ?? "not in it";
  return changes.map(({ recipe, before, after }) => ({ recipe, before: word(before), after: word(after) }));
}

function fact(name: string, text: string, code = ""): Fact {
  return { name, code, text };
}

function testerOf({ program, configuration, environment }: Report): Fact[] {
  const { path, commit, dirty } = configuration;
  const changed = dirty === true ? ", with changes that are not committed" : "";
  return [
    fact("program", `${program.name} ${program.version}, Node ${program.node}`),
    fact("configuration", `, commit ${commit ?? "none"}${changed}`, path),
    fact("environment", "", environment.fingerprint),
  ];
}

function eventsOf(report: Report): Fact[] {
  const { continues, findings = [], recovered, disk } = report;
  return [
    ...(continues === undefined ? [] : [fact("continues", continuedLine(continues, report.recipes))]),
    ...findings.map((line) => fact("finding", line)),
    ...recovered.map((line) => fact("put right", line)),
    ...unmendedLines(report).map((line) => fact("not mended", line)),
    fact("disk", disk.free === null ? "unknown" : `${formatBytes(disk.free)} free`),
  ];
}

function continuedLine(continues: string, recipes: readonly RecipeReport[]): string {
  const done = recipes.filter((row) => row.testedIn !== undefined).map((row) => row.recipe);
  const taken = done.length === 0 ? "nothing of it was taken over" : `not tested again: ${done.join(", ")}`;
  return `run ${continues}, which was killed; ${taken}`;
}

import { formatBytes, formatDuration } from "../core/duration.ts";
import { honestyLine } from "../core/label/honesty.ts";
import type { RecipeReport, Report } from "../core/records/report.ts";
import { unmendedLines } from "../core/records/unmended-lines.ts";
import { continuedLine } from "../report/continued-line.ts";
import { detailWithCause, knownCauseLine } from "../report/known-line.ts";
import { nextCommand } from "../report/next-command.ts";
import { toolLines } from "../report/tool-lines.ts";
import { type Layout, toneOfLabel } from "./paint.ts";
import { renderCommand, renderFacts, renderHeading, renderParagraph } from "./paragraph.ts";
import { renderNotEnrolled } from "./plan.ts";
import { type Cell, renderTable } from "./table.ts";

/** A sweep for people: the honesty line, the rows that need a person, then the rest. */
export function renderReport(report: Report, layout: Layout): string {
  const acts = report.recipes.filter((row) => row.needsHuman);
  const rest = report.recipes.filter((row) => !row.needsHuman);
  return [
    renderParagraph(honestyLine(report.honesty, report.hollowReasons), layout),
    ...toolLines(report).map((line) => renderParagraph(line, layout)),
    acts.map((row) => renderNeedy(row, report.run, layout)).join(""),
    rest.length === 0 ? "" : `\n${renderRows(rest, layout)}`,
    renderNotEnrolled(report.notEnrolled, layout),
    renderChanges(report, layout),
    renderHeading("Run", layout),
    renderFacts(runFacts(report), layout),
  ].join("");
}

function renderNeedy(row: RecipeReport, run: string, layout: Layout): string {
  const known = row.acknowledged;
  return [
    renderHeading(row.recipe, layout),
    renderLabel(row.label, layout),
    row.detail === "" ? "" : renderParagraph(row.detail, layout, "  "),
    renderWarnings(row, layout),
    renderKnownCause(row, layout),
    known === undefined ? "" : renderParagraph(`known: ${known.reason}, until ${known.until}`, layout, "  "),
    renderCommand(nextCommand(row, run), layout, "  "),
  ].join("");
}

/** What somebody has said of an error like this one. */
export function renderKnownCause(row: Pick<RecipeReport, "knownCause">, layout: Layout): string {
  const line = knownCauseLine(row);
  return line === null ? "" : renderParagraph(line, layout, "  ");
}

/** What did not stop anything: where a row needs a person, it may be the only cause. */
export function renderWarnings({ warnings }: Pick<RecipeReport, "warnings">, layout: Layout): string {
  return (warnings ?? []).map((warning) => renderParagraph(`warning: ${warning}`, layout, "  ")).join("");
}

/** A label in its colour; wrapped where the terminal is narrow, never cut. */
export function renderLabel(label: string, layout: Layout, indent = "  "): string {
  return renderParagraph(label, layout, indent)
    .split("\n")
    .map((line) =>
      line === "" ? "" : `${indent}${layout.paint(toneOfLabel(label), line.slice(indent.length))}`,
    )
    .join("\n");
}

function renderRows(rows: readonly RecipeReport[], layout: Layout): string {
  return renderTable(
    ["RECIPE", "LABEL", "TOOK", "DETAIL"],
    rows.map((row): Cell[] => [
      row.recipe,
      { text: row.label, tone: toneOfLabel(row.label) },
      row.tiers.length === 0 ? "" : formatDuration(row.durationMs),
      detailWithCause(row),
    ]),
    layout,
  );
}

/** `passed 3 of 5 planned`; empty where none was planned. */
export function passedOfPlanned(row: Pick<RecipeReport, "tiers">): string {
  if (row.tiers.length === 0) return "";
  const passed = row.tiers.filter((end) => end.status === "passed").length;
  return `passed ${passed} of ${row.tiers.length} planned`;
}

function renderChanges({ changes }: Report, layout: Layout): string {
  if (changes.length === 0) return "";
  const lines = changes.map(({ recipe, before, after }) =>
    renderParagraph(`${recipe}: ${before ?? "not in it"} → ${after ?? "not in it"}`, layout, "  "),
  );
  return renderHeading("Changed since the last sweep", layout) + lines.join("");
}

function runFacts(report: Report): [string, string][] {
  const { configuration, program, disk } = report;
  const dirty = configuration.dirty === true ? ", with changes that are not committed" : "";
  const facts: [string, string][] = [
    ["run", `${report.run} (${report.kind}, ${report.trigger}), exit ${report.exit}`],
    [
      "time",
      `${report.startedAt}, ${formatDuration(Date.parse(report.endedAt) - Date.parse(report.startedAt))}`,
    ],
    ["program", `${program.name} ${program.version}, Node ${program.node}`],
    ["configuration", `${configuration.path}, commit ${configuration.commit ?? "none"}${dirty}`],
    ["environment", report.environment.fingerprint],
  ];
  if (report.continues !== undefined) facts.push(["continues", continuedLine(report)]);
  for (const line of report.findings ?? []) facts.push(["finding", line]);
  for (const line of report.recovered) facts.push(["put right", line]);
  for (const line of unmendedLines(report)) facts.push(["not mended", line]);
  if (disk.free !== null) facts.push(["disk", `${formatBytes(disk.free)} free`]);
  return facts;
}

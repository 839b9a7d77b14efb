import { formatDuration } from "../core/duration.ts";
import { honestyLine } from "../core/honesty.ts";
import { labelKind, oneLine } from "../core/label.ts";
import type { RecipeReport, Report } from "../core/report.ts";
import { detailWithCause, knownCauseLine } from "./known-line.ts";
import { nextCommand } from "./next-command.ts";
import { toolLines } from "./tool-lines.ts";

/**
 * `report.html`: the report as one file that needs nothing else, no script and no network: the honesty line, then
 * the rows that need a person, then the rest.
 */
export function reportHtml(report: Report): string {
  const acts = report.recipes.filter((row) => row.needsHuman);
  const rest = report.recipes.filter((row) => !row.needsHuman);
  return [
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">\n`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
    `<title>canonical-sweep ${escapeHtml(report.run)}</title>\n<style>${STYLE}</style>\n</head>\n<body>\n`,
    `<h1>${escapeHtml(honestyLine(report.honesty, report.hollowReasons))}</h1>\n`,
    section("Needs a person", acts.map((row) => needy(row, report.run)).join("")),
    section("The rest", rest.length === 0 ? "" : table(rest)),
    section("Not enrolled", definitions(report.notEnrolled.map(({ recipe, reason }) => [recipe, reason]))),
    section("Changed since the last sweep", definitions(report.changes.map(describeChange))),
    section("Run", definitions(runFacts(report))),
    "</body>\n</html>\n",
  ].join("");
}

const STYLE = [
  ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}",
  "h1{font-size:1.1rem}h2{font-size:1rem;margin-top:2rem}code,.label{font-family:ui-monospace,monospace;overflow-wrap:anywhere}",
  "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0}",
  "dt{font-weight:600}dd{margin:0 0 .25rem;overflow-wrap:anywhere}.label{font-weight:600}",
].join("");

const LONGEST = 4000;

function needy(row: RecipeReport, run: string): string {
  const brief = row.brief === null ? "" : `<p><a href="${escapeHtml(linkTo(row.brief))}">brief</a></p>\n`;
  const warnings = (row.warnings ?? []).map((text) => `<p>Warning: ${escapeHtml(text)}</p>\n`).join("");
  const known =
    row.acknowledged === undefined
      ? ""
      : `<p>Known: ${escapeHtml(row.acknowledged.reason)}, until ${escapeHtml(row.acknowledged.until)}.</p>\n`;
  const cause = knownCauseLine(row);
  const explained = cause === null ? "" : `<p>A ${escapeHtml(cause)}</p>\n`;
  return [
    `<article>\n<h3>${escapeHtml(row.recipe)}</h3>\n<p>${labelHtml(row)}</p>\n`,
    `<p>${escapeHtml(row.detail)}</p>\n${warnings}${explained}${known}${brief}<p><code>${escapeHtml(nextCommand(row, run))}</code></p>\n</article>\n`,
  ].join("");
}

function table(rows: readonly RecipeReport[]): string {
  const lines = rows.map((row) => {
    const took = row.tiers.length === 0 ? "" : formatDuration(row.durationMs);
    const cells = [escapeHtml(row.recipe), labelHtml(row), took, escapeHtml(detailWithCause(row))];
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>\n`;
  });
  const head = ["recipe", "label", "took", "detail"].map((title) => `<th scope="col">${title}</th>`).join("");
  return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${lines.join("")}</tbody>\n</table>\n`;
}

function labelHtml({ label }: RecipeReport): string {
  return `<span class="label" data-kind="${labelKind(label) ?? ""}">${escapeHtml(label)}</span>`;
}

function describeChange({ recipe, before, after }: Report["changes"][number]): [string, string] {
  return [recipe, `${before ?? "not in it"} → ${after ?? "not in it"}`];
}

function runFacts({
  run,
  kind,
  trigger,
  exit,
  startedAt,
  endedAt,
  program,
  ...report
}: Report): [string, string][] {
  const { path, commit, dirty } = report.configuration;
  return [
    ["run", `${run} (${kind}, ${trigger}), exit ${exit}`],
    ["time", `${startedAt}, ${formatDuration(Date.parse(endedAt) - Date.parse(startedAt))}`],
    ["program", `${program.name} ${program.version}, Node ${program.node}`],
    ["configuration", `${path}, commit ${commit ?? "none"}${dirty === true ? ", with changes" : ""}`],
    ["environment", report.environment.fingerprint],
    ...(report.findings ?? []).map((line): [string, string] => ["finding", line]),
    ...toolLines(report).map((line): [string, string] => ["tools", line]),
  ];
}

function section(title: string, body: string): string {
  return body === "" ? "" : `<section>\n<h2>${title}</h2>\n${body}</section>\n`;
}

function definitions(facts: readonly (readonly [string, string])[]): string {
  if (facts.length === 0) return "";
  const lines = facts.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>\n`);
  return `<dl>\n${lines.join("")}</dl>\n`;
}

// A path below the run's folder, which is where this file stands.
function linkTo(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

function escapeHtml(text: string): string {
  return oneLine(text, LONGEST)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

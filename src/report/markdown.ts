import { formatBytes, formatDuration } from "../core/duration.ts";
import { honestyLine } from "../core/label/honesty.ts";
import type { RecipeReport, Report } from "../core/records/report.ts";
import { unmendedLines } from "../core/records/unmended-lines.ts";
import { escapeCode, escapeMarkdown } from "../core/text/escape-markdown.ts";
import { continuedLine } from "./continued-line.ts";
import { detailWithCause, knownCauseLine } from "./known-line.ts";
import { nextCommand } from "./next-command.ts";
import { toolLines } from "./tool-lines.ts";

/** `report.md`: the honesty line first, then the rows that need a person, then the rest. */
export function reportMarkdown(report: Report): string {
  const acts = report.recipes.filter((row) => row.needsHuman);
  const rest = report.recipes.filter((row) => !row.needsHuman);
  return [
    `${escapeMarkdown(honestyLine(report.honesty, report.hollowReasons))}\n`,
    ...toolLines(report).map((line) => `\n${escapeMarkdown(line)}\n`),
    acts.length === 0 ? "" : `\n## Needs a person\n${acts.map((row) => needy(row, report.run)).join("")}`,
    rest.length === 0 ? "" : `\n## The rest\n\n${rowTable(rest)}`,
    notEnrolled(report),
    changes(report),
    `\n## Run\n\n${runFacts(report)
      .map(([name, value]) => `- ${name}: ${value}\n`)
      .join("")}`,
  ].join("");
}

function needy(row: RecipeReport, run: string): string {
  const lines = [`\n### ${escapeMarkdown(row.recipe)}\n\n${escapeCode(row.label)}\n`];
  if (row.detail !== "") lines.push(`\n${escapeMarkdown(row.detail)}\n`);
  for (const warning of row.warnings ?? []) lines.push(`\nWarning: ${escapeMarkdown(warning)}\n`);
  const known = knownCauseLine(row);
  if (known !== null) lines.push(`\n${escapeMarkdown(`A ${known}`)}\n`);
  if (row.acknowledged)
    lines.push(
      `\nKnown: ${escapeMarkdown(row.acknowledged.reason)}, until ${escapeMarkdown(row.acknowledged.until)}.\n`,
    );
  if (row.brief !== null) lines.push(`\nBrief: ${escapeCode(row.brief)}\n`);
  lines.push(`\n${escapeCode(nextCommand(row, run))}\n`);
  return lines.join("");
}

function rowTable(rows: readonly RecipeReport[]): string {
  const lines = rows.map((row) => {
    const took = row.tiers.length === 0 ? "" : formatDuration(row.durationMs);
    return `| ${[row.recipe, row.label, took, detailWithCause(row)].map(escapeMarkdown).join(" | ")} |\n`;
  });
  return `| recipe | label | took | detail |\n| --- | --- | --- | --- |\n${lines.join("")}`;
}

function notEnrolled({ notEnrolled }: Report): string {
  if (notEnrolled.length === 0) return "";
  const lines = notEnrolled.map(
    ({ recipe, reason }) => `- ${escapeMarkdown(recipe)}: ${escapeMarkdown(reason)}\n`,
  );
  return `\n## Not enrolled\n\n${lines.join("")}`;
}

function changes({ changes }: Report): string {
  if (changes.length === 0) return "";
  const lines = changes.map(
    ({ recipe, before, after }) =>
      `- ${escapeMarkdown(recipe)}: ${escapeCode(before ?? "not in it")} → ${escapeCode(after ?? "not in it")}\n`,
  );
  return `\n## Changed since the last sweep\n\n${lines.join("")}`;
}

function runFacts(report: Report): [string, string][] {
  const { program, configuration, environment, disk, findings = [] } = report;
  const dirty = configuration.dirty === true ? ", with changes that are not committed" : "";
  const took = formatDuration(Date.parse(report.endedAt) - Date.parse(report.startedAt));
  return [
    ["run", `${escapeCode(report.run)} (${report.kind}, ${report.trigger}), exit ${report.exit}`],
    ["time", `${escapeMarkdown(report.startedAt)}, ${took}`],
    ["program", escapeMarkdown(`${program.name} ${program.version}, Node ${program.node}`)],
    ["configuration", `${escapeCode(configuration.path)}, commit ${configuration.commit ?? "none"}${dirty}`],
    ["environment", escapeCode(environment.fingerprint)],
    ...findings.map((line): [string, string] => ["finding", escapeMarkdown(line)]),
    ...(report.continues === undefined
      ? []
      : [["continues", escapeMarkdown(continuedLine(report))] as [string, string]]),
    ...report.recovered.map((line): [string, string] => ["put right", escapeMarkdown(line)]),
    ...unmendedLines(report).map((line): [string, string] => ["not mended", escapeMarkdown(line)]),
    ["disk", disk.free === null ? "unknown" : `${formatBytes(disk.free)} free`],
  ];
}

import { type Finding, LEVELS, type Level, type Place } from "../lint/finding.ts";
import type { LintReport } from "../lint/lint.ts";
import type { Layout, Tone } from "./paint.ts";
import { renderHeading, renderParagraph } from "./paragraph.ts";
import { renderNotes } from "./plan.ts";

/** Findings for people: the sum, then each recipe with findings, the worst first. */
export function renderLint({ rows, notes }: LintReport, layout: Layout): string {
  return [
    renderParagraph(summaryOf(rows), layout),
    ...rows
      .filter(({ findings, ignored, problem }) => findings.length + ignored.length > 0 || problem !== null)
      .map((row) => renderRow(row, layout)),
    rows.some(({ findings }) => findings.length > 0)
      ? `\n${renderParagraph("docs/lint.md explains each rule and its remedy", layout)}`
      : "",
    renderNotes(notes, layout),
  ].join("");
}

function summaryOf(rows: LintReport["rows"]): string {
  const found = rows.flatMap(({ findings }) => findings);
  const count = (level: Level) => found.filter((finding) => finding.level === level).length;
  const levels = LEVELS.map((level) => `${count(level)} ${level}${count(level) === 1 ? "" : "s"}`).join(", ");
  const ignored = rows.flatMap((row) => row.ignored).length;
  const unseen = rows.filter(({ problem }) => problem !== null).length;
  const seen = rows.length - unseen;
  return [
    `${seen} ${seen === 1 ? "recipe" : "recipes"} looked at: ${levels}`,
    ...(ignored === 0 ? [] : [`${ignored} ignored`]),
    ...(unseen === 0 ? [] : [`${unseen} could not be looked at`]),
  ].join("; ");
}

function renderRow(row: LintReport["rows"][number], layout: Layout): string {
  return [
    renderHeading(row.version === null ? row.recipe : `${row.recipe} ${row.version}`, layout),
    row.problem === null ? "" : renderParagraph(`not looked at: ${row.problem}`, layout, "  "),
    ...row.findings.map((finding) => renderFinding(finding, layout)),
    ...row.ignored.map((finding) =>
      renderParagraph(`${headOf(finding)} ignored: ${finding.reason}`, layout, "  "),
    ),
  ].join("");
}

const TONES: Record<Level, Tone> = { error: "bad", warning: "warning", note: "faint" };

function renderFinding(finding: Finding, layout: Layout): string {
  const { level, message, mend, also = [] } = finding;
  return [
    `  ${layout.paint(TONES[level], `${level}: ${headOf(finding)}`)}\n`,
    renderParagraph(message, layout, "    "),
    ...also.map((other) => renderParagraph(`${placeOf(other.at)}: ${other.message}`, layout, "    ")),
    renderParagraph(`mend: ${mend}`, layout, "    "),
  ].join("");
}

function headOf({ rule, at }: Finding): string {
  return at === null ? rule : `${placeOf(at)}: ${rule}`;
}

// Paths of the operator's own files begin with their folder, as `tests/…`; the recipe's are relative to its repository.
function placeOf({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

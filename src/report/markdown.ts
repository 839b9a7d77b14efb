import { honestyLine } from "../core/label/honesty.ts";
import { escapeCode, escapeMarkdown } from "../core/text/escape-markdown.ts";
import type { Fact, ReportView } from "../core/view/report-view.ts";
import type { RowView } from "../core/view/row-view.ts";

/** `report.md`: the honesty line first, then the rows that need a person, then the rest. */
export function reportMarkdown(view: ReportView): string {
  const { needy, rest, notEnrolled, changes } = view;
  return [
    `${escapeMarkdown(honestyLine(view.honesty, view.hollowReasons))}\n`,
    ...view.toolChanges.map((line) => `\n${escapeMarkdown(line)}\n`),
    needy.length === 0 ? "" : `\n## Needs a person\n${needy.map(needyRow).join("")}`,
    rest.length === 0 ? "" : `\n## The rest\n\n${rowTable(rest)}`,
    list(
      "Not enrolled",
      notEnrolled.map(({ recipe, reason }) => `${escapeMarkdown(recipe)}: ${escapeMarkdown(reason)}`),
    ),
    list(
      "Changed since the last sweep",
      changes.map(
        ({ recipe, before, after }) =>
          `${escapeMarkdown(recipe)}: ${escapeCode(before)} → ${escapeCode(after)}`,
      ),
    ),
    list("Run", [...view.identity, ...view.tester, ...view.events].map(factLine)),
  ].join("");
}

function needyRow(row: RowView): string {
  const parts = [
    escapeCode(row.label),
    row.detail === "" ? null : escapeMarkdown(row.detail),
    ...row.warnings.map((warning) => `Warning: ${escapeMarkdown(warning)}`),
    row.investigated && escapeMarkdown(row.investigated),
    row.knownCause && escapeMarkdown(`A ${row.knownCause}`),
    row.acknowledged && `Known: ${escapeMarkdown(row.acknowledged)}.`,
    row.brief && `Brief: ${escapeCode(row.brief)}`,
    escapeCode(row.command),
  ];
  const shown = parts.filter((part) => part !== null).map((part) => `\n${part}\n`);
  return `\n### ${escapeMarkdown(row.recipe)}\n${shown.join("")}`;
}

function rowTable(rows: readonly RowView[]): string {
  const lines = rows.map(
    ({ recipe, label, took, told }) =>
      `| ${[recipe, label, took ?? "", told].map(escapeMarkdown).join(" | ")} |\n`,
  );
  return `| recipe | label | took | detail |\n| --- | --- | --- | --- |\n${lines.join("")}`;
}

function list(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `\n## ${title}\n\n${lines.map((line) => `- ${line}\n`).join("")}`;
}

function factLine({ name, code, text }: Fact): string {
  const gap = text.startsWith(" ") ? " " : "";
  return `${name}: ${code === "" ? "" : escapeCode(code)}${gap}${escapeMarkdown(text)}`;
}

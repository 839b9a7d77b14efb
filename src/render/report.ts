import { honestyLine } from "../core/label/honesty.ts";
import { plainFact, type ReportView } from "../core/view/report-view.ts";
import type { RowView } from "../core/view/row-view.ts";
import { type Layout, toneOf } from "./paint.ts";
import { renderCommand, renderFacts, renderHeading, renderParagraph } from "./paragraph.ts";
import { renderNotEnrolled } from "./plan.ts";
import { type Cell, renderTable } from "./table.ts";

/** A sweep for people: the honesty line, the rows that need a person, then the rest. */
export function renderReport(view: ReportView, layout: Layout): string {
  const { needy, rest } = view;
  return [
    renderParagraph(honestyLine(view.honesty, view.hollowReasons), layout),
    ...view.toolChanges.map((line) => renderParagraph(line, layout)),
    needy.map((row) => renderNeedy(row, null, layout)).join(""),
    rest.length === 0 ? "" : `\n${renderRows(rest, layout)}`,
    renderNotEnrolled(view.notEnrolled, layout),
    renderChanges(view, layout),
    renderHeading("Run", layout),
    renderFacts([...view.identity, ...view.tester, ...view.events].map(plainFact), layout),
  ].join("");
}

/** A row that needs a person: verdict, cause, what is known of it, `since` in words, and one command. */
export function renderNeedy(row: RowView, since: string | null, layout: Layout): string {
  const { detail, warnings, investigated, knownCause, acknowledged } = row;
  const lines = [
    detail === "" ? null : detail,
    ...warnings.map((warning) => `warning: ${warning}`),
    investigated,
    knownCause,
    acknowledged && `known: ${acknowledged}`,
    since,
  ];
  return [
    renderHeading(row.recipe, layout),
    renderLabel(row, layout),
    ...lines.filter((line) => line !== null).map((line) => renderParagraph(line, layout, "  ")),
    renderCommand(row.command, layout, "  "),
  ].join("");
}

/** A label in its colour; wrapped where the terminal is narrow, never cut. */
export function renderLabel({ label, kind }: Pick<RowView, "label" | "kind">, layout: Layout): string {
  const indent = "  ";
  return renderParagraph(label, layout, indent)
    .split("\n")
    .map((line) => (line === "" ? "" : `${indent}${layout.paint(toneOf(kind), line.slice(indent.length))}`))
    .join("\n");
}

function renderRows(rows: readonly RowView[], layout: Layout): string {
  return renderTable(
    ["RECIPE", "LABEL", "TOOK", "DETAIL"],
    rows.map(({ recipe, label, kind, took, told }): Cell[] => [
      recipe,
      { text: label, tone: toneOf(kind) },
      took ?? "",
      told,
    ]),
    layout,
  );
}

function renderChanges({ changes }: ReportView, layout: Layout): string {
  if (changes.length === 0) return "";
  const lines = changes.map(({ recipe, before, after }) =>
    renderParagraph(`${recipe}: ${before} → ${after}`, layout, "  "),
  );
  return renderHeading("Changed since the last sweep", layout) + lines.join("");
}

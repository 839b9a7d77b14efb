import { type Figure, judge } from "./figure.ts";

const HEAD = ["figure", "measured", "reference", "", "ratio", "at most", ""];

/** A line for each figure: the medians of what was measured and of its reference, the limit, `ok` or `over`. */
export function renderFigures(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `${renderRow(row, widths)}\n`).join("");
}

function rowOf(figure: Figure): string[] {
  const { measured, reference, allowed, ok } = judge(figure);
  return [
    figure.what,
    shown(measured, figure.unit),
    reference === null ? "" : shown(reference, figure.unit),
    figure.reference?.what ?? "",
    reference === null ? "" : (measured / reference).toFixed(2),
    reference === null ? shown(allowed, figure.unit) : `${figure.limit} ×`,
    ok ? "ok" : "over",
  ];
}

function shown(value: number, unit: Figure["unit"]): string {
  if (unit === "fetches") return String(value);
  return `${value < 100 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

const NUMBERS = [1, 2, 4, 5];

function renderRow(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map((cell, column) =>
    NUMBERS.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
  );
  return cells.join("  ").trimEnd();
}

import type { Layout, Tone } from "./paint.ts";
import { visible, width } from "./width.ts";
import { widestWord, wrap } from "./wrap.ts";

export type Cell = string | { text: string; tone: Tone };

const GAP = "  ";

/**
 * A table that fits the layout's width: columns that are too wide are wrapped, never cut, and characters of any width
 * stay aligned. Text from outside is made harmless; lines have no trailing blanks.
 */
export function renderTable(titles: readonly string[], rows: readonly Cell[][], layout: Layout): string {
  const texts = rows.map((row) => titles.map((_, index) => visible(textOf(row[index] ?? ""))));
  const widths = columnWidths([[...titles], ...texts], layout.width);
  const head = renderRow(
    [...titles],
    titles.map(() => "strong" as const),
    widths,
    layout,
  );
  const body = texts.map((cells, index) => renderRow(cells, tonesOf(rows[index] ?? []), widths, layout));
  return [head, ...body].map((row) => `${row}\n`).join("");
}

function columnWidths(rows: readonly string[][], limit: number): number[] {
  const columns = rows[0]?.length ?? 0;
  const column = (measure: (text: string) => number) =>
    Array.from({ length: columns }, (_, index) => Math.max(...rows.map((row) => measure(row[index] ?? ""))));
  const widths = column(width);
  const least = column(widestWord);
  const room = limit - GAP.length * (columns - 1);
  shrink(widths, least, room);
  shrink(widths, new Array<number>(columns).fill(4), room);
  return widths;
}

function shrink(widths: number[], least: readonly number[], room: number): void {
  let excess = widths.reduce((sum, each) => sum + each, 0) - room;
  while (excess > 0) {
    const widest = widths.reduce((best, each, index) => {
      if (each <= (least[index] ?? 0)) return best;
      return best === -1 || each > (widths[best] ?? 0) ? index : best;
    }, -1);
    if (widest === -1) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
}

function renderRow(
  texts: readonly string[],
  tones: readonly Tone[],
  widths: readonly number[],
  layout: Layout,
): string {
  const cells = texts.map((text, index) => wrap(text, widths[index] ?? 2));
  const height = Math.max(...cells.map((lines) => lines.length));
  const lines = Array.from({ length: height }, (_, line) =>
    cells.map((parts, index) => {
      const text = parts[line] ?? "";
      const padding = " ".repeat(Math.max(0, (widths[index] ?? 0) - width(text)));
      return text === "" ? padding : layout.paint(tones[index] ?? "plain", text) + padding;
    }),
  );
  return lines.map((parts) => parts.join(GAP).trimEnd()).join("\n");
}

function textOf(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.text;
}

function tonesOf(row: readonly Cell[]): Tone[] {
  return row.map((cell) => (typeof cell === "string" ? "plain" : cell.tone));
}

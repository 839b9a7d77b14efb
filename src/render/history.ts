import { formatDuration } from "../core/duration.ts";
import type { HistoryLine, RunLine } from "../core/view/history-lines.ts";
import { type Layout, toneOf } from "./paint.ts";
import { type Cell, renderTable } from "./table.ts";

/** The runs that are kept, newest first. */
export function renderRunHistory(lines: readonly RunLine[], layout: Layout): string {
  if (lines.length === 0) return "no run yet\n";
  const rows = lines.map((line): Cell[] => {
    if (line.problem !== null) return [line.run, "", "", { text: line.problem, tone: "warning" }];
    return [line.run, line.kind, line.exit === null ? "" : String(line.exit), line.counts];
  });
  return renderTable(["RUN", "KIND", "EXIT", "ROWS"], rows, layout);
}

/** One recipe over time, newest first: labels of runs, and what happened to its canonical. */
export function renderRecipeHistory(lines: readonly HistoryLine[], recipe: string, layout: Layout): string {
  if (lines.length === 0) return `nothing is known of ${recipe} yet\n`;
  const rows = lines.map((line): Cell[] => [
    line.at.slice(0, 19),
    { text: line.what, tone: toneOf(line.kind) },
    line.durationMs === null ? "" : formatDuration(line.durationMs),
    line.run ?? "",
  ]);
  return renderTable(["TIME", "WHAT", "TOOK", "RUN"], rows, layout);
}

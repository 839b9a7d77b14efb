import type { Layout } from "./paint.ts";
import { renderHeading, renderParagraph } from "./paragraph.ts";

/** Titled lists, those that are empty left out; `nothing` where all of them are. */
export function renderLists(
  lists: readonly { title: string; lines: readonly string[] }[],
  nothing: string,
  layout: Layout,
): string {
  const filled = lists.filter((list) => list.lines.length > 0);
  if (filled.length === 0) return renderParagraph(nothing, layout);
  return filled
    .map(
      ({ title, lines }) =>
        renderHeading(title, layout) + lines.map((line) => renderParagraph(line, layout, "  ")).join(""),
    )
    .join("")
    .slice(1);
}

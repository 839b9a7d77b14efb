import type { Layout } from "./paint.ts";
import { visible } from "./width.ts";
import { wrap } from "./wrap.ts";

/** A text that fits the layout's width, each line indented. Ends with a line break. */
export function renderParagraph(text: string, layout: Layout, indent = ""): string {
  return wrap(visible(text), layout.width - indent.length)
    .map((line) => `${indent}${line}\n`)
    .join("");
}

/** A list of facts, `name  value`, the values aligned and wrapped below each other. */
export function renderFacts(
  facts: readonly (readonly [name: string, value: string])[],
  layout: Layout,
): string {
  const longest = Math.max(0, ...facts.map(([name]) => name.length));
  const room = Math.max(20, layout.width - longest - 2);
  return facts
    .map(([name, value]) => {
      const [first = "", ...rest] = wrap(visible(value), room);
      const lines = [`${layout.paint("faint", name.padEnd(longest))}  ${first}`];
      for (const line of rest) lines.push(`${" ".repeat(longest)}  ${line}`);
      return lines.map((line) => `${line.trimEnd()}\n`).join("");
    })
    .join("");
}

/** A command for copying, on one line however long it is. */
export function renderCommand(command: string, layout: Layout, indent = ""): string {
  return `${indent}${layout.paint("strong", visible(command))}\n`;
}

export function renderHeading(text: string, layout: Layout): string {
  return `\n${layout.paint("strong", text)}\n`;
}

/** Titled lists without the empty ones; `nothing` if all are empty. */
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

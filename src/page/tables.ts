import { html, type Markup, NOTHING } from "./markup.ts";

/** A section with its heading; empty without content. */
export function section(title: string, content: Markup, count?: number): Markup {
  if (String(content) === "") return NOTHING;
  const id = title.toLowerCase().replaceAll(/[^a-z]+/g, "-");
  const number = count === undefined ? NOTHING : html` <span class="n">${count}</span>`;
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}${number}</h2>
${content}
</section>
`;
}

/** The same, folded until opened. */
export function foldedSection(title: string, content: Markup, count: number): Markup {
  if (count === 0) return NOTHING;
  const id = title.toLowerCase().replaceAll(/[^a-z]+/g, "-");
  return html`<details id="${id}"><summary><b>${title}</b> <span class="n">${count}</span></summary>
${content}</details>
`;
}

/** A title, or a title with the kind of its cells. */
export type Column = string | { title: string; kind: "num" | "nowrap" };

type Cell = Markup | string;

/** A table that scrolls separately on a narrow screen; the first cell of a row is its heading. */
export function table(label: string, columns: readonly Column[], rows: readonly (readonly Cell[])[]): Markup {
  if (rows.length === 0) return NOTHING;
  const titled = columns.map((column) => (typeof column === "string" ? { title: column, kind: "" } : column));
  return html`<div class="scroll" role="group" aria-label="${label}" tabindex="0"><table>
<thead><tr>${titled.map(({ title, kind }) => html`<th scope="col" class="${kind}">${title}</th>`)}</tr></thead>
<tbody>
${rows.map(
  (
    cells,
  ) => html`<tr>${cells.map((cell, index) => (index === 0 ? html`<th scope="row">${cell}</th>` : html`<td class="${titled[index]?.kind ?? ""}">${cell}</td>`))}</tr>
`,
)}</tbody></table></div>`;
}

/** Names and their meanings. */
export function definitions(facts: readonly (readonly [name: string, value: Cell])[]): Markup {
  if (facts.length === 0) return NOTHING;
  return html`<dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

import { labelRest } from "../core/label/label.ts";
import type { LabelKind } from "../core/outcome.ts";
import type { RowView } from "../core/view/row-view.ts";
import { encoded, html, type Markup, NOTHING, ownMarkup } from "./markup.ts";
import { ageSince } from "./time.ts";
import { chip, pastStrip, toneOf } from "./verdict.ts";

/** Where rows stand: the server's pages lead to each other, a file that stands alone only to what lies beside it. */
export type Place = "server" | "file";

/** Rows that need a person: each with verdict, cause, age and one command. */
export function needyCards(rows: readonly RowView[], now: number, place: Place): Markup {
  if (rows.length === 0) return html`<p class="soft">Nothing needs a person.</p>`;
  return html`<div class="cards">
${rows.map((row) => card(row, now, place))}</div>`;
}

function card(row: RowView, now: number, place: Place): Markup {
  const since = row.since === null ? NOTHING : html`<span class="end">for ${ageSince(row.since, now)}</span>`;
  const cause = row.detail === "" ? NOTHING : html`<p class="cause">${row.detail}</p>`;
  const explained = [row.investigated, row.knownCause]
    .filter((text) => text !== null)
    .map((text) => html`<p class="why">${text}</p>\n`);
  return html`<article class="card ${toneOf(row.kind)}" id="r-${row.recipe}">
<div class="row"><h3>${linked(row.recipe, place)}</h3>${chip(row.kind)}${row.version === null ? NOTHING : html`<code>${row.version}</code>`}${pastStrip(row.past)}${since}</div>
<p class="tone">${row.said}</p>
${explained}${cause}${row.warnings.map((text) => html`<p>Warning: ${text}</p>\n`)}${row.acknowledged === null ? NOTHING : html`<p>Known: ${row.acknowledged}</p>`}${commandLine(row.command)}${linkList(linksOf(row, place))}
</article>
`;
}

/** A command as it is typed; the script adds a button that copies it. */
export function commandLine(command: string): Markup {
  return html`<div class="command"><code>${command}</code></div>`;
}

function linksOf({ recipe, run, brief, took }: RowView, place: Place): [name: string, address: string][] {
  if (place === "file") return brief === null ? [] : [["brief", encoded(brief)]];
  const test = `/runs/${run}/${recipe}`;
  return [
    ...(brief === null ? [] : [["brief", `${test}#brief`] as [string, string]]),
    ...(took === null ? [] : [["tiers and logs", test] as [string, string]]),
    ["history", `/recipes/${recipe}`],
  ];
}

function linkList(links: readonly (readonly [name: string, address: string])[]): Markup {
  if (links.length === 0) return NOTHING;
  return html`<p class="links">${links.map(([name, address]) => html`<a href="${address}">${name}</a> `)}</p>`;
}

/** So many rows of one label stand open; more are folded. */
const LONGEST_OPEN = 36;

/** The other rows, those with the same heading together, what is odd before what is quiet; `endOf` ends a line. */
export function restGroups(
  rows: readonly RowView[],
  place: Place,
  endOf: (row: RowView) => string | null,
): Markup {
  const groups = [...Map.groupBy(rows, (row) => row.group).values()].map((group) => ({
    name: group[0]?.group ?? "",
    kind: group[0]?.kind ?? null,
    lines: group.map((row) => line(row, place, endOf(row))),
  }));
  groups.sort((a, b) => rankOf(a.kind) - rankOf(b.kind) || a.name.localeCompare(b.name, "en"));
  return html`${groups.map(({ name, kind, lines }) => group(name, kind, lines))}`;
}

const RANKS: readonly LabelKind[] = [
  "GREEN-BUT-PROMOTE-FAILED",
  "FAIL",
  "BLOCKED",
  "NOT-RUN",
  "PASS-NOT-PROMOTED",
  "PASS",
  "SKIP",
];

function rankOf(kind: LabelKind | null): number {
  return kind === null ? -1 : RANKS.indexOf(kind);
}

function group(name: string, kind: LabelKind | null, lines: readonly Markup[]): Markup {
  const open = lines.length <= LONGEST_OPEN ? ownMarkup(" open") : "";
  // What is odd, or held, is told in a sentence; of the others a version is enough.
  const isWide = kind !== "PASS" && (kind !== "SKIP" || name === kind);
  return html`<details id="g-${name.replaceAll(" ", "-")}"${open}><summary>${chip(kind)} ${labelRest(name, kind)} <span class="n">${lines.length}</span></summary>
<ul class="rest${isWide ? " wide" : ""}">
${lines}</ul></details>
`;
}

// A reader of a file can follow no link to the rest of the sentence.
function line(row: RowView, place: Place, end: string | null): Markup {
  const last = end === null ? NOTHING : html`<i>${end}</i>`;
  return html`<li>${linked(row.recipe, place)}<span>${place === "file" ? row.sentence : row.short}</span>${last}
`;
}

/** A name that leads to its page, where there is one. */
function linked(recipe: string, place: Place): Markup {
  return place === "file" ? html`<b>${recipe}</b>` : html`<a href="/recipes/${recipe}">${recipe}</a>`;
}

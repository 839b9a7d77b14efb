import { labelKind } from "../core/label/label.ts";
import type { LabelKind } from "../core/outcome.ts";
import { html, type Markup, NOTHING, ownMarkup } from "./markup.ts";
import { ageSince } from "./time.ts";
import { chip, labelRest, pastStrip, toneOf } from "./verdict.ts";

export interface Link {
  name: string;
  address: string;
}

/** A row of a recipe that needs a person. */
export interface NeedyRow {
  recipe: string;
  /** Where its page is; null in a file that stands alone. */
  address: string | null;
  label: string;
  /** The release that was tested; null where there is none. */
  version: string | null;
  detail: string;
  /** What is known of why, beyond what was seen: of an investigation, of whoever has met it before. */
  explained: readonly string[];
  warnings: readonly string[];
  /** An acknowledgement in words. */
  known: string | null;
  /** Since when its label is of this kind; null where that is not told. */
  since: string | null;
  past: readonly (LabelKind | null)[];
  command: string;
  links: readonly Link[];
}

/** A row that needs nobody, on one line. */
export interface RestRow {
  recipe: string;
  address: string | null;
  label: string;
  /** Behind the name: its canonical, or what there is to say. */
  about: string;
  /** At the end of the line: its age, or how long it took. */
  end: string | null;
}

/** Rows that need a person: each with verdict, cause, age and one command. */
export function needyCards(rows: readonly NeedyRow[], now: number): Markup {
  if (rows.length === 0) return html`<p class="soft">Nothing needs a person.</p>`;
  return html`<div class="cards">
${rows.map((row) => card(row, now))}</div>`;
}

function card(row: NeedyRow, now: number): Markup {
  const since = row.since === null ? NOTHING : html`<span class="end">for ${ageSince(row.since, now)}</span>`;
  const cause = row.detail === "" ? NOTHING : html`<p class="cause">${row.detail}</p>`;
  const explained = row.explained.map((text) => html`<p class="why">${text}</p>\n`);
  return html`<article class="card ${toneOf(labelKind(row.label))}" id="r-${row.recipe}">
<div class="row"><h3>${linked(row.recipe, row.address)}</h3>${chip(row.label)}${row.version === null ? NOTHING : html`<code>${row.version}</code>`}${pastStrip(row.past)}${since}</div>
<p class="tone">${labelRest(row.label)}</p>
${explained}${cause}${row.warnings.map((text) => html`<p>Warning: ${text}</p>\n`)}${row.known === null ? NOTHING : html`<p>Known: ${row.known}</p>`}${commandLine(row.command)}${linkList(row.links)}
</article>
`;
}

/** A command as it is typed; the script adds a button that copies it. */
export function commandLine(command: string): Markup {
  return html`<div class="command"><code>${command}</code></div>`;
}

function linkList(links: readonly Link[]): Markup {
  if (links.length === 0) return NOTHING;
  return html`<p class="links">${links.map(({ name, address }) => html`<a href="${address}">${name}</a> `)}</p>`;
}

/** So many rows of one label stand open; more are folded. */
const LONGEST_OPEN = 36;

/** The other rows, those with the same label together, what is odd before what is quiet. */
export function restGroups(rows: readonly RestRow[]): Markup {
  const groups = Map.groupBy(rows, ({ label }) => groupOf(label));
  const names = [...groups.keys()].sort((a, b) => rankOf(a) - rankOf(b) || a.localeCompare(b, "en"));
  return html`${names.map((name) => group(name, groups.get(name) ?? []))}`;
}

// A label names a version or a reason: of these, only what many recipes share is the same group.
function groupOf(label: string): string {
  return labelKind(label) === "SKIP" && !label.includes("(") ? label : (labelKind(label) ?? "no label");
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

function rankOf(group: string): number {
  const kind = labelKind(group);
  return kind === null ? -1 : RANKS.indexOf(kind);
}

function group(name: string, rows: readonly RestRow[]): Markup {
  const open = rows.length <= LONGEST_OPEN ? ownMarkup(" open") : "";
  const reason = labelRest(name);
  return html`<details id="g-${name.replaceAll(" ", "-")}"${open}><summary>${chip(name)} ${reason} <span class="n">${rows.length}</span></summary>
<ul class="rest${isOdd(name) ? " wide" : ""}">
${rows.map(line)}</ul></details>
`;
}

// What is odd is told in a sentence; of the others a version is enough.
function isOdd(name: string): boolean {
  const kind = labelKind(name);
  return kind !== "PASS" && kind !== "SKIP";
}

function line({ recipe, address, about, end }: RestRow): Markup {
  const last = end === null ? NOTHING : html`<i>${end}</i>`;
  return html`<li>${linked(recipe, address)}<span>${about}</span>${last}
`;
}

/** A name that leads to its page, where there is one. */
function linked(name: string, address: string | null): Markup {
  return address === null ? html`<b>${name}</b>` : html`<a href="${address}">${name}</a>`;
}

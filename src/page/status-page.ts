import { type Down, downLine, MEND_COMMAND } from "../core/down.ts";
import type { ReportView } from "../core/view/report-view.ts";
import type { ExceptionRow, StatusView } from "../core/view/status-view.ts";
import { type AtWork, atWorkNote } from "./at-work.ts";
import type { Frame } from "./frame.ts";
import { honestyHeading } from "./honesty.ts";
import { html, type Markup, NOTHING } from "./markup.ts";
import { commandLine, needyCards, restGroups } from "./rows.ts";
import { notEnrolledTable } from "./sweep-page.ts";
import { foldedSection, section, table } from "./tables.ts";
import { ageOf, agoOf, clockOf } from "./time.ts";

/** The content of the first page beyond the current state. */
export interface StatusPageView extends StatusView {
  /** Milliseconds since the epoch. */
  now: number;
  /** When the last sweep ended that was not hollow; null: there is none. */
  lastNotHollow: string | null;
  /** When the next sweep is due, ISO 8601; null if unknown. */
  next: string | null;
  atWork: AtWork | null;
  facts: Frame["facts"];
}

/** The page for Monday morning: rows that need a person, and then the rest. */
export function statusPage(view: StatusPageView): Frame {
  return {
    title: titleOf(view),
    head: headOf(view),
    content: contentOf(view),
    current: "status",
    facts: view.facts,
    data: { name: "JSON", address: "/index.json" },
    refreshSeconds: view.atWork === null ? 300 : 15,
  };
}

function titleOf({ down, needsPerson, sweep }: StatusView): string {
  const isDown = down.length === 0 ? "" : `${down.length} DOWN · `;
  if (sweep === null) return `${isDown}no sweep yet · canonical-sweep`;
  const state = needsPerson === 0 ? "all quiet" : `${needsPerson} to look at`;
  return `${isDown}${sweep.honesty.hollow ? "HOLLOW · " : ""}${state} · canonical-sweep`;
}

function headOf({ sweep, lastNotHollow, now, next }: StatusPageView): Markup {
  const due = next === null ? NOTHING : html` · the next one ${clockOf(next)}`;
  if (sweep === null)
    return html`<h1>no sweep yet</h1>
<p>Nothing has been tested. The first sweep is started by the schedule${next === null ? "" : ` (${clockOf(next)})`}, or by <code>canonical-sweep sweep</code>.</p>`;
  return html`${honestyHeading(sweep.honesty, sweep.hollowReasons)}
<p>sweep <a href="/runs/${sweep.run}">${sweep.run}</a>, ended ${agoOf(sweep.endedAt, now)}, took ${sweep.took}, exit ${sweep.exit}, ${sweep.trigger}${due}${lastHonest(sweep, lastNotHollow, now)}</p>`;
}

function lastHonest(sweep: ReportView, at: string | null, now: number): Markup {
  if (!sweep.honesty.hollow) return NOTHING;
  return at === null
    ? html` · <b>no sweep that is kept was other than hollow</b>`
    : html` · <b>the last one that was not hollow ended ${agoOf(at, now)}</b>`;
}

function contentOf(view: StatusPageView): Markup {
  const { now, needy, rest } = view;
  const notEnrolled = view.sweep?.notEnrolled ?? [];
  return html`${view.atWork === null ? NOTHING : atWorkNote(view.atWork, now)}${downNote(view.down, now)}${problemsNote(view.problems)}
${view.sweep === null && needy.length === 0 ? NOTHING : section("Needs a person", needyCards(needy, now, "server"), view.needsPerson)}
${section("The rest", rest.length === 0 ? NOTHING : restGroups(rest, "server", ({ at }) => ageOf(now - Date.parse(at))), rest.length)}
${foldedSection("Enrolled, in no report yet", neverTested(view.neverTested), view.neverTested.length)}
${foldedSection("Held, not tested", exceptions("Held", view.holds), view.holds.length)}
${foldedSection("Known reds, tested all the same", exceptions("Known reds", view.acknowledged), view.acknowledged.length)}
${foldedSection("Not enrolled", notEnrolledTable(notEnrolled), notEnrolled.length)}`;
}

function downNote(downs: readonly Down[], now: number): Markup {
  if (downs.length === 0) return NOTHING;
  const line = (down: Down) => {
    const since = down.since === null ? NOTHING : html` · since ${agoOf(down.since, now)}`;
    const tried =
      down.triedAt === null ? NOTHING : html` · tried ${down.tries}×, last ${agoOf(down.triedAt, now)}`;
    return html`<li><a href="/recipes/${down.recipe}">${down.recipe}</a>: ${downLine(down)}${since}${tried}</li>`;
  };
  return html`<div class="note bad" id="down"><b class="tone">Down</b>: a live canonical that others may need does not answer, or is not known to.
<ul>${downs.map(line)}</ul>${commandLine(MEND_COMMAND)}</div>`;
}

function problemsNote(problems: readonly string[]): Markup {
  if (problems.length === 0) return NOTHING;
  return html`<div class="note bad"><b class="tone">Cannot be read</b>: mend or restore such a file, or move it away; nothing is written over it.
<ul>${problems.map((problem) => html`<li>${problem}</li>`)}</ul></div>`;
}

function neverTested(recipes: readonly string[]): Markup {
  return html`<p>${recipes.map((recipe) => html`<a href="/recipes/${recipe}">${recipe}</a> `)}</p>`;
}

function exceptions(label: string, rows: readonly ExceptionRow[]): Markup {
  const columns = ["recipe", "reason", "until", "owner"];
  const cells = rows.map((row) => [
    html`<a href="/recipes/${row.recipe}">${row.recipe}</a>`,
    row.reason,
    row.expired ? html`<b class="odd tone">${row.until} (has passed)</b>` : row.until,
    row.owner ?? "–",
  ]);
  return table(label, columns, cells);
}

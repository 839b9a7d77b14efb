import { plainFact, type ReportView } from "../core/view/report-view.ts";
import type { Frame } from "./frame.ts";
import { honestyHeading } from "./honesty.ts";
import { html, type Markup, NOTHING } from "./markup.ts";
import { needyCards, type Place, restGroups } from "./rows.ts";
import { definitions, foldedSection, section, table } from "./tables.ts";
import { clockOf } from "./time.ts";

/** A run with all its rows; `report.html` is the same as a single file. */
export function sweepPage(view: ReportView, place: Place): Frame {
  const { run, rest, needy } = view;
  return {
    title: `${run} · canonical-sweep`,
    head: html`${honestyHeading(view.honesty, view.hollowReasons)}
<p>${view.kind} <code>${run}</code>, ${view.trigger}, ${clockOf(view.startedAt)}, took ${view.took}, exit ${view.exit}</p>`,
    content: html`${section("Needs a person", needyCards(needy, Date.parse(view.endedAt), place), needy.length)}
${section("The rest", rest.length === 0 ? NOTHING : restGroups(rest, place, (row) => row.took), rest.length)}
${section("Changed since the last sweep", changes(view), view.changes.length)}
${section("Not enrolled", notEnrolledTable(view.notEnrolled), view.notEnrolled.length)}
${section("The run", definitions([...view.toolChanges.map((line) => ["tools", line] as const), ...view.events.map(plainFact)]))}
${foldedSection("Tools", tools(view), view.tools.length)}`,
    current: null,
    facts: view.tester.map(plainFact),
    data: place === "file" ? null : { name: "JSON", address: `/runs/${run}.json` },
    refreshSeconds: null,
  };
}

function changes({ changes }: ReportView): Markup {
  const rows = changes.map(({ recipe, before, after }) => [recipe, before, after]);
  return table("Changes", ["recipe", "before", "now"], rows);
}

/** Configured recipes that are not enrolled, each with its reason. */
export function notEnrolledTable(recipes: ReportView["notEnrolled"]): Markup {
  const rows = recipes.map(({ recipe, reason }) => [recipe, reason]);
  return table("Not enrolled", ["recipe", "reason"], rows);
}

function tools({ tools }: ReportView): Markup {
  const columns = ["tool", "version", "path", "hash"];
  const rows = tools.map(({ name, version, path, hash }) => [
    name,
    version ?? "unknown",
    path === null ? "missing" : html`<code>${path}</code>`,
    hash === null ? "" : html`<code>${hash.slice(0, 12)}</code>`,
  ]);
  return table("Tools", columns, rows);
}

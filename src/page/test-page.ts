import { formatBytes } from "../core/duration.ts";
import { kindOf, labelRest } from "../core/label/label.ts";
import type { RecipeReport } from "../core/records/report.ts";
import type { TierEnd } from "../core/tier.ts";
import { endLines, rowFacts } from "../core/view/row-facts.ts";
import { type TimeSpan, timeLine } from "./charts.ts";
import type { Frame } from "./frame.ts";
import { encoded, html, type Markup, NOTHING } from "./markup.ts";
import { commandLine } from "./rows.ts";
import { definitions, section, table } from "./tables.ts";
import { chip, toneOf } from "./verdict.ts";

export interface TestView {
  run: string;
  recipe: string;
  /** Its row; null while it is at work, or if the run was cut short. */
  row: RecipeReport | null;
  command: string | null;
  isAtWork: boolean;
  spans: readonly TimeSpan[];
  /** Its logs, by path relative to the recipe's folder in the run. */
  logs: readonly { path: string; bytes: number }[];
  /** The search in the logs; null: none. */
  search: { wanted: string; hits: readonly Hit[]; isCut: boolean } | null;
  brief: Markup | null;
  problems: readonly string[];
  facts: Frame["facts"];
}

export interface Hit {
  path: string;
  line: number;
  text: string;
}

/** One recipe in one run: tiers on a time line, logs, brief. */
export function testPage(view: TestView): Frame {
  return {
    title: `${view.recipe} in ${view.run} · canonical-sweep`,
    head: headOf(view),
    content: contentOf(view),
    current: null,
    facts: view.facts,
    data: { name: "JSON", address: `/runs/${view.run}/${view.recipe}.json` },
    refreshSeconds: view.isAtWork ? 10 : null,
  };
}

function headOf({ run, recipe, row, isAtWork }: TestView): Markup {
  const names = html`<a href="/recipes/${recipe}">${recipe}</a> in <a href="/runs/${run}">${run}</a>`;
  if (row === null)
    return html`<h1>${recipe} <b class="chip held">${isAtWork ? "AT WORK" : "NO LABEL"}</b></h1><p>${names}${isAtWork ? "" : ": the run was cut short before it had a label"}</p>`;
  const kind = kindOf(row);
  return html`<h1>${recipe} ${chip(kind)}</h1>
<p class="${toneOf(kind)}"><span class="tone">${labelRest(row.label, kind)}</span> · ${names}</p>`;
}

function contentOf(view: TestView): Markup {
  const { row, recipe, problems, brief } = view;
  const detail = row === null || row.detail === "" ? NOTHING : html`<p class="cause">${row.detail}</p>`;
  return html`${detail}${view.command === null ? NOTHING : commandLine(view.command)}${problems.map((problem) => html`<p class="bad"><span class="tone">${problem}</span></p>`)}
${row === null ? NOTHING : section("Facts", definitions(rowFacts(row)))}
${section("Time line", timeLine(recipe, view.spans))}
${row === null ? NOTHING : section("Tiers and tests", tierTable(row.tiers))}
${brief === null ? NOTHING : section("Brief", html`<div class="brief">${brief}</div>`)}
${section("Logs", logs(view))}`;
}

function tierTable(tiers: readonly TierEnd[]): Markup {
  const columns = ["tier or test", "ended", { title: "took", kind: "num" }, "reason"] as const;
  const rows = endLines(tiers).map(({ name, isTest, status, took, reason }) => [
    isTest ? html`<span class="sub">${name}</span>` : name,
    ended(status),
    took,
    reason,
  ]);
  return table("Tiers and tests", columns, rows);
}

const TONES: Record<string, string> = { passed: "good", failed: "bad" };

function ended(status: string): Markup {
  return html`<span class="${TONES[status] ?? "odd"}"><b class="tone">${status}</b></span>`;
}

function logs({ run, recipe, logs, search }: TestView): Markup {
  if (logs.length === 0) return html`<p class="soft">It has no logs.</p>`;
  const address = `/runs/${run}/${recipe}`;
  const rows = logs.map(({ path, bytes }) => [
    html`<a href="${address}/logs/${encoded(path)}">${path}</a>`,
    formatBytes(bytes),
  ]);
  return html`<form role="search" action="${address}"><label for="q">Search in all logs</label> <input type="search" id="q" name="q" value="${search?.wanted ?? ""}"> <button>Search</button></form>
${search === null ? NOTHING : hits(search, address)}
${table("Logs", ["log", { title: "size", kind: "num" }], rows)}`;
}

function hits({ wanted, hits, isCut }: NonNullable<TestView["search"]>, address: string): Markup {
  const count = `${hits.length}${isCut ? " or more" : ""} ${hits.length === 1 ? "line has" : "lines have"} “${wanted}”`;
  return html`<p role="status">${count}</p><ol class="log">${hits.map(
    ({ path, line, text }) =>
      html`<li><a href="${address}/logs/${encoded(path)}?line=${line}#L${line}">${line}</a><span><b>${path}</b> ${text}</span></li>
`,
  )}</ol>`;
}

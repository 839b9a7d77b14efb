import { formatBytes, formatDuration } from "../core/duration.ts";
import { labelKind } from "../core/label/label.ts";
import type { RecipeReport } from "../core/records/report.ts";
import type { TierEnd } from "../core/tier.ts";
import { type TimeSpan, timeLine } from "./charts.ts";
import type { Frame } from "./frame.ts";
import { html, type Markup, NOTHING } from "./markup.ts";
import { commandLine } from "./rows.ts";
import { definitions, section, table } from "./tables.ts";
import { chip, labelRest, toneOf } from "./verdict.ts";

export interface TestView {
  run: string;
  recipe: string;
  /** Its row; null while it is at work, or where the run was cut short. */
  row: RecipeReport | null;
  command: string | null;
  isAtWork: boolean;
  spans: readonly TimeSpan[];
  /** Its logs, by the path below the recipe's folder of the run. */
  logs: readonly { path: string; bytes: number }[];
  /** What was looked for in the logs; null: nothing. */
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
  return html`<h1>${recipe} ${chip(row.label)}</h1>
<p class="${toneOf(labelKind(row.label))}"><span class="tone">${labelRest(row.label)}</span> · ${names}</p>`;
}

function contentOf(view: TestView): Markup {
  const { row, recipe, problems, brief } = view;
  const detail = row === null || row.detail === "" ? NOTHING : html`<p class="cause">${row.detail}</p>`;
  return html`${detail}${view.command === null ? NOTHING : commandLine(view.command)}${problems.map((problem) => html`<p class="bad"><span class="tone">${problem}</span></p>`)}
${row === null ? NOTHING : section("What was done", definitions(factsOf(row)))}
${section("Time line", timeLine(recipe, view.spans))}
${row === null ? NOTHING : section("Tiers and tests", tierTable(row.tiers))}
${brief === null ? NOTHING : section("Brief", html`<div class="brief">${brief}</div>`)}
${section("Logs", logs(view))}`;
}

function factsOf(row: RecipeReport): [string, string][] {
  const { target, canonicalBefore, canonicalAfter, promotion } = row;
  const facts: [string, string][] = [
    ["decision", `${row.decision.action} ${row.decision.reason}`],
    ["tested", target === null ? "nothing" : `${target.version}, commit ${target.commit}`],
    ["canonical", `${canonicalBefore?.version ?? "none"} → ${canonicalAfter?.version ?? "none"}`],
    ["took", formatDuration(row.durationMs)],
  ];
  if (row.lane !== undefined) facts.push(["lane", row.lane]);
  if (row.testedIn !== undefined) facts.push(["tested in", row.testedIn]);
  if (promotion !== null)
    facts.push([
      "promotion",
      `${promotion.kind} of ${promotion.to}: ${promotion.result}${promotion.step === undefined ? "" : ` at ${promotion.step}`}${promotion.reason === undefined ? "" : `: ${promotion.reason}`}`,
    ]);
  if (row.acknowledged) facts.push(["known", `${row.acknowledged.reason}, until ${row.acknowledged.until}`]);
  for (const { tier, reason } of row.notPlanned ?? []) facts.push(["not planned", `${tier}: ${reason}`]);
  for (const warning of row.warnings ?? []) facts.push(["warning", warning]);
  return facts;
}

function tierTable(tiers: readonly TierEnd[]): Markup {
  const columns = [
    { title: "tier or test" },
    { title: "ended" },
    { title: "took", kind: "num" },
    { title: "reason" },
  ] as const;
  const rows = tiers.flatMap((end) => [
    [
      html`${end.tier}`,
      ended(end.status),
      end.status === "not-reached" ? "" : formatDuration(end.durationMs),
      end.reason ?? (end.because === undefined ? "" : `because of ${end.because}`),
    ],
    ...(end.tests ?? []).map((test) => [
      html`<span class="sub">${test.name}</span>`,
      ended(test.status),
      formatDuration(test.durationMs),
      test.reason ?? "",
    ]),
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
${table("Logs", [{ title: "log" }, { title: "size", kind: "num" }], rows)}`;
}

function hits({ wanted, hits, isCut }: NonNullable<TestView["search"]>, address: string): Markup {
  const count = `${hits.length}${isCut ? " or more" : ""} ${hits.length === 1 ? "line has" : "lines have"} “${wanted}”`;
  return html`<p role="status">${count}</p><ol class="log">${hits.map(
    ({ path, line, text }) =>
      html`<li><a href="${address}/logs/${encoded(path)}?line=${line}#L${line}">${line}</a><span><b>${path}</b> ${text}</span></li>
`,
  )}</ol>`;
}

/** A path of a log as a part of an address. */
export function encoded(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

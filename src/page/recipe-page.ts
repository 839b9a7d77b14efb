import { formatDuration } from "../core/duration.ts";
import { labelRest } from "../core/label/label.ts";
import type { LabelKind } from "../core/outcome.ts";
import type { HistoryLine } from "../core/view/history-lines.ts";
import { type HistoryBar, historyChart } from "./charts.ts";
import type { Frame } from "./frame.ts";
import { html, type Markup, NOTHING } from "./markup.ts";
import { commandLine } from "./rows.ts";
import { definitions, foldedSection, section, table } from "./tables.ts";
import { agoOf, clockOf } from "./time.ts";
import { chip, toneOf } from "./verdict.ts";

export interface RecipeView {
  now: number;
  recipe: string;
  /** The last row that shows its state; null: it is in no report. */
  last: {
    run: string;
    label: string;
    kind: LabelKind | null;
    detail: string;
    since: string;
    at: string;
    command: string;
    needsHuman: boolean;
  } | null;
  /** Its record as names and values; null: none. */
  canonical: readonly (readonly [string, string])[] | null;
  canonicalProblem: string | null;
  exceptions: readonly (readonly [string, string])[];
  bars: readonly HistoryBar[];
  events: readonly HistoryLine[];
  releases: readonly { name: string; commit: string; is: string }[];
  /** When upstream was asked; null: never, or the answer is unreadable. */
  askedAt: string | null;
  lint: Lint;
  /** The last brief as HTML, and its run. */
  brief: { run: string; content: Markup } | null;
  problems: readonly string[];
  facts: Frame["facts"];
}

/** The findings of `lint` in the latest release; a text if they are unknown. */
export type Lint =
  | { state: "unknown"; why: string }
  | {
      state: "judged";
      version: string | null;
      findings: readonly { rule: string; level: string; message: string; mend: string; place: string }[];
    };

/** One recipe: its state, its history as a chart, releases, brief, findings of lint. */
export function recipePage(view: RecipeView): Frame {
  return {
    title: `${view.recipe} · canonical-sweep`,
    head: headOf(view),
    content: contentOf(view),
    current: null,
    facts: view.facts,
    data: { name: "JSON", address: `/recipes/${view.recipe}.json` },
    refreshSeconds: null,
  };
}

function headOf({ recipe, last, now }: RecipeView): Markup {
  if (last === null) return html`<h1>${recipe}</h1><p>It is in no report that is kept.</p>`;
  return html`<h1>${recipe} ${chip(last.kind)}</h1>
<p class="${toneOf(last.kind)}"><span class="tone">${labelRest(last.label, last.kind)}</span> · since ${agoOf(last.since, now)}, seen ${agoOf(last.at, now)} in <a href="/runs/${last.run}/${recipe}">${last.run}</a></p>`;
}

function contentOf(view: RecipeView): Markup {
  const { recipe, last, brief } = view;
  return html`${last === null || last.detail === "" ? NOTHING : html`<p class="cause">${last.detail}</p>`}${last?.needsHuman ? commandLine(last.command) : NOTHING}${problems(view)}
${section("Canonical", canonical(view))}
${section("History", historyChart(recipe, view.bars))}
${foldedSection("History as a table", events(view), view.events.length)}
${section("Exceptions", definitions(view.exceptions))}
${brief === null ? NOTHING : section("Brief", html`<p class="soft">of the run <a href="/runs/${brief.run}/${recipe}">${brief.run}</a></p><div class="brief">${brief.content}</div>`)}
${section("Lint", lint(view.lint))}
${section("Releases", releases(view))}
${section("Badge", badge(recipe))}`;
}

function problems({ problems }: RecipeView): Markup {
  if (problems.length === 0) return NOTHING;
  return html`<div class="note bad"><b class="tone">Cannot be read</b><ul>${problems.map((problem) => html`<li>${problem}</li>`)}</ul></div>`;
}

function canonical({ canonical, canonicalProblem }: RecipeView): Markup {
  if (canonicalProblem !== null)
    return html`<p class="bad"><span class="tone">${canonicalProblem}</span></p>`;
  if (canonical === null) return html`<p class="soft">It has none.</p>`;
  return definitions(canonical.map(([name, value]) => [name, html`<span class="mono">${value}</span>`]));
}

function events({ events, recipe }: RecipeView): Markup {
  const columns = [
    { title: "when", kind: "nowrap" },
    "what",
    "detail",
    { title: "took", kind: "num" },
    "run",
  ] as const;
  const rows = events.map(({ at, what, isLabel, kind, detail, durationMs, run }) => [
    clockOf(at),
    isLabel ? html`${chip(kind)} ${labelRest(what, kind)}` : what,
    isLabel ? detail : "",
    durationMs === null ? "" : formatDuration(durationMs),
    run === null ? "" : html`<a href="/runs/${run}${isLabel ? `/${recipe}` : ""}">${run}</a>`,
  ]);
  return table("History", columns, rows);
}

function lint(lint: Lint): Markup {
  if (lint.state === "unknown") return html`<p class="soft">${lint.why}</p>`;
  const of = lint.version === null ? NOTHING : html` in <code>${lint.version}</code>`;
  if (lint.findings.length === 0) return html`<p>No finding${of}.</p>`;
  const columns = ["rule", "level", "finding", "to mend it", "where"];
  const rows = lint.findings.map(({ rule, level, message, mend, place }) => [
    html`<code>${rule}</code>`,
    html`<span class="${LEVEL_TONES[level] ?? "quiet"}"><b class="tone">${level}</b></span>`,
    message,
    mend,
    html`<code>${place}</code>`,
  ]);
  return html`<p>${lint.findings.length} ${lint.findings.length === 1 ? "finding" : "findings"}${of}:</p>${table("Findings of lint", columns, rows)}`;
}

const LEVEL_TONES: Record<string, string> = { error: "bad", warning: "odd", note: "quiet" };

function releases({ releases, askedAt, now }: RecipeView): Markup {
  if (askedAt === null) return html`<p class="soft">Upstream was not asked yet.</p>`;
  const columns = ["tag", "is", "commit"];
  const rows = releases.map(({ name, is, commit }) => [name, is, html`<code>${commit.slice(0, 12)}</code>`]);
  return html`<p class="soft">upstream was asked ${agoOf(askedAt, now)}</p>${table("Releases", columns, rows)}`;
}

function badge(recipe: string): Markup {
  return html`<p><img src="/recipes/${recipe}/badge.svg" alt="the badge of ${recipe}" height="20"></p>
<p class="soft">as a picture <a href="/recipes/${recipe}/badge.svg">badge.svg</a>, for shields.io <a href="/recipes/${recipe}/badge.json">badge.json</a></p>`;
}

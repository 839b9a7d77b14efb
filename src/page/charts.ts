import { formatDuration } from "../core/duration.ts";
import type { LabelKind } from "../core/outcome.ts";
import type { TierStatus } from "../core/tier.ts";
import { html, type Markup, NOTHING } from "./markup.ts";
import { SIGNS, type Tone, toneOf } from "./verdict.ts";

export interface HistoryBar {
  at: string;
  label: string;
  kind: LabelKind | null;
  durationMs: number;
  /** The canonical after that run; null: none. */
  canonical: string | null;
}

const HEIGHT = 150;
const BASE = 112;
const TALLEST = 84;
/** The last runs that are drawn. */
const MOST_BARS = 40;

/** A recipe's runs as bars, the newest at the right: duration, verdict and canonical of each. */
export function historyChart(recipe: string, newestFirst: readonly HistoryBar[]): Markup {
  const bars = newestFirst.slice(0, MOST_BARS).toReversed();
  if (bars.length === 0) return NOTHING;
  const step = Math.max(18, Math.min(56, Math.floor(960 / bars.length)));
  const width = Math.max(320, bars.length * step + 8);
  const longest = Math.max(1000, ...bars.map((bar) => bar.durationMs));
  const height = (ms: number) => Math.max(3, Math.round((ms / longest) * TALLEST));
  return html`<figure><svg viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}" role="img" aria-label="${summaryOf(recipe, bars)}">
<line class="grid" x1="0" x2="${width}" y1="${BASE}" y2="${BASE}"/>
${bars.map((bar, index) => historyBar(bar, index * step + 4, step - 5, height(bar.durationMs)))}${canonicalMarks(bars, step)}</svg>
<figcaption>Each bar is a run, the newest at the right; its height is how long the recipe took (the longest ${formatDuration(longest)}). ${legend(bars)} Below: the canonical, where it changed.</figcaption></figure>`;
}

function historyBar(bar: HistoryBar, x: number, width: number, height: number): Markup {
  const { kind } = bar;
  const middle = x + width / 2;
  return html`<g class="${toneOf(kind)}"><title>${bar.at}: ${bar.label}</title><rect class="bar" x="${x}" y="${BASE - height}" width="${width}" height="${height}" rx="2"/><text class="sign" x="${middle}" y="${BASE - height - 5}" text-anchor="middle">${kind === null ? "?" : SIGNS[kind]}</text></g>
`;
}

function canonicalMarks(bars: readonly HistoryBar[], step: number): Markup {
  let lastEnd = 0;
  const marks = bars.flatMap((bar, index) => {
    const before = index === 0 ? null : bars[index - 1]?.canonical;
    if (bar.canonical === null || bar.canonical === before) return [];
    const x = index * step + 4;
    // Names that would overlap are left to the table.
    if (x < lastEnd) return [];
    lastEnd = x + bar.canonical.length * 6.6 + 10;
    return [
      html`<line class="grid" x1="${x}" x2="${x}" y1="${BASE}" y2="${BASE + 12}"/><text class="strong" x="${x}" y="${BASE + 25}">${bar.canonical}</text>`,
    ];
  });
  return html`${marks}`;
}

function legend(bars: readonly HistoryBar[]): string {
  const kinds = new Set(bars.flatMap(({ kind }) => kind ?? []));
  return `${[...kinds].map((kind: LabelKind) => `${SIGNS[kind]} ${kind}`).join(", ")}.`;
}

function summaryOf(recipe: string, bars: readonly HistoryBar[]): string {
  const counts = Map.groupBy(bars, ({ kind }) => kind ?? "no label");
  const words = [...counts].map(([kind, rows]) => `${kind} ${rows.length}`).join(", ");
  return `${recipe} in its last ${bars.length} runs: ${words}. The table below has each of them.`;
}

/** A part of a test on its time line; times in milliseconds from its begin. */
export interface TimeSpan {
  name: string;
  beginMs: number;
  endMs: number;
  status: TierStatus | "going on" | "done";
}

const ROW = 26;
const LEFT = 92;

/** The acts of a test on a time line, one row per part. */
export function timeLine(recipe: string, spans: readonly TimeSpan[]): Markup {
  if (spans.length === 0) return NOTHING;
  const end = Math.max(1, ...spans.map((span) => span.endMs));
  const width = 880;
  const scale = (ms: number) => LEFT + (ms / end) * (width - LEFT - 90);
  const height = spans.length * ROW + 6;
  const words = spans.map(
    (span) => `${span.name} ${span.status}, ${formatDuration(span.endMs - span.beginMs)}`,
  );
  return html`<figure><svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="time line of ${recipe}: ${words.join("; ")}">
${spans.map((span, index) => spanRow(span, index * ROW, scale))}</svg></figure>`;
}

function spanRow(span: TimeSpan, y: number, scale: (ms: number) => number): Markup {
  const [begin, end] = [scale(span.beginMs), scale(span.endMs)];
  const width = Math.max(3, end - begin);
  const took = formatDuration(span.endMs - span.beginMs);
  return html`<g class="${SPAN_TONES[span.status]}"><text class="strong" x="0" y="${y + 17}">${span.name}</text><rect class="bar" x="${begin}" y="${y + 4}" width="${width}" height="${ROW - 9}" rx="2"/><text x="${begin + width + 6}" y="${y + 17}">${took} ${span.status === "done" ? "" : span.status}</text></g>
`;
}

const SPAN_TONES: Record<TimeSpan["status"], Tone> = {
  passed: "good",
  failed: "bad",
  skipped: "odd",
  "not-reached": "odd",
  "going on": "held",
  done: "quiet",
};

import type { LabelKind } from "../core/outcome.ts";
import { html, type Markup, NOTHING } from "./markup.ts";

/** The verdict of a label as a chip. Its colour says nothing that its text does not say. */
export function chip(kind: LabelKind | null): Markup {
  return html`<b class="chip ${toneOf(kind)}">${kind ?? "no label"}</b>`;
}

export type Tone = "good" | "odd" | "bad" | "held" | "quiet";

const TONES: Record<LabelKind, Tone> = {
  SKIP: "quiet",
  PASS: "good",
  "PASS-NOT-PROMOTED": "odd",
  "GREEN-BUT-PROMOTE-FAILED": "bad",
  FAIL: "bad",
  BLOCKED: "held",
  "NOT-RUN": "odd",
};

export function toneOf(kind: LabelKind | null): Tone {
  return kind === null ? "odd" : TONES[kind];
}

/** One character for each kind: never colour alone. */
export const SIGNS: Record<LabelKind, string> = {
  SKIP: "·",
  PASS: "✓",
  "PASS-NOT-PROMOTED": "~",
  "GREEN-BUT-PROMOTE-FAILED": "!",
  FAIL: "✗",
  BLOCKED: "◼",
  "NOT-RUN": "○",
};

/** The last labels of a recipe as a strip of signs, the oldest first. */
export function pastStrip(past: readonly (LabelKind | null)[]): Markup {
  if (past.length < 2) return NOTHING;
  const oldestFirst = past.toReversed();
  const words = oldestFirst.map((kind) => kind ?? "no label").join(", ");
  const signs = oldestFirst.map(
    (kind) => html`<i class="${toneOf(kind)}">${kind === null ? "?" : SIGNS[kind]}</i>`,
  );
  return html`<span class="past" role="img" aria-label="its last labels: ${words}" title="the last ${past.length} labels, the newest at the right">${signs}</span>`;
}

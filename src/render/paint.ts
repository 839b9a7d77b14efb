import { styleText } from "node:util";
import type { LabelKind } from "../core/outcome.ts";

export type Tone = "plain" | "good" | "bad" | "warning" | "faint" | "strong";

/** Colours a text, or leaves it as it is where colours are off. */
export type Paint = (tone: Tone, text: string) => string;

/** How a text is laid out: the columns there are, and whether colours may be used. */
export interface Layout {
  width: number;
  paint: Paint;
}

const STYLES: Record<Exclude<Tone, "plain">, Parameters<typeof styleText>[0]> = {
  good: "green",
  bad: "red",
  warning: "yellow",
  faint: "dim",
  strong: "bold",
};

/** A paint with colours, or one that adds nothing at all. */
export function createPaint(colours: boolean): Paint {
  if (!colours) return (_tone, text) => text;
  return (tone, text) => (tone === "plain" ? text : styleText(STYLES[tone], text, { validateStream: false }));
}

const TONES: Record<LabelKind, Tone> = {
  SKIP: "faint",
  PASS: "good",
  "PASS-NOT-PROMOTED": "warning",
  "GREEN-BUT-PROMOTE-FAILED": "bad",
  FAIL: "bad",
  BLOCKED: "bad",
  "NOT-RUN": "warning",
};

/** Only a promoted release is green: a colour never says more than its label. */
export function toneOf(kind: LabelKind | null): Tone {
  return kind === null ? "plain" : TONES[kind];
}

import type { LabelKind } from "../outcome.ts";

/** A run that is kept. */
export interface RunLine {
  run: string;
  kind: string;
  exit: number | null;
  startedAt: string | null;
  /** `SKIP 15, PASS 2, FAIL 1`. */
  counts: string;
  /** Why there is no more to say of it: a broken report, or none. */
  problem: string | null;
}

/** A label of a recipe, or an event of its canonical. */
export interface HistoryLine {
  at: string;
  run: string | null;
  /** A label, or an event of the canonical in words. */
  what: string;
  isLabel: boolean;
  /** The label's kind; null for an event, and for an old report's label that is none. */
  kind: LabelKind | null;
  detail: string;
  durationMs: number | null;
  /** The canonical after it; null: none. */
  canonical: string | null;
}

import type { LabelKind } from "../outcome.ts";
import type { Honesty } from "../records/report.ts";

interface KindTraits {
  /** The count of the honesty line that a row of this kind adds to: these counts together are `enrolled`. */
  counts: keyof Pick<Honesty, "skipped" | "passed" | "failed" | "promoteFailed" | "blocked" | "notRun">;
  /** The label has text from outside, in which secrets are masked; other labels have only our own words. */
  quotes: boolean;
}

/** The facts about each kind of label that a new kind must not leave out unseen. */
export const KIND_TRAITS: Readonly<Record<LabelKind, KindTraits>> = {
  SKIP: { counts: "skipped", quotes: false },
  PASS: { counts: "passed", quotes: false },
  "PASS-NOT-PROMOTED": { counts: "passed", quotes: true },
  "GREEN-BUT-PROMOTE-FAILED": { counts: "promoteFailed", quotes: false },
  FAIL: { counts: "failed", quotes: false },
  BLOCKED: { counts: "blocked", quotes: true },
  "NOT-RUN": { counts: "notRun", quotes: true },
};

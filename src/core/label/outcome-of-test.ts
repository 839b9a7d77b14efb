import type { Canonical } from "../canonical.ts";
import type { Interruption, NotPromotedCode, Outcome, Reason } from "../outcome.ts";
import type { PromotionReport } from "../records/report.ts";
import type { Tier } from "../tier.ts";

/** What is known of a tested recipe once all is done; the records are those read back from disk. */
export interface TestedFacts {
  version: string;
  redAt: Tier | null;
  /** Why the test ended early for a cause other than the recipe. */
  interruption: Interruption | null;
  /** The first condition of a promotion that is not met. */
  whyNotPromoted: Reason<NotPromotedCode> | null;
  promotion: PromotionReport | null;
  /** The id of this run: a record that it wrote says so. */
  run: string;
  after: Canonical | null;
}

/**
 * What a label is made of. A promotion counts only when the record on disk says that this run made this
 * version the canonical: never because the act said that it went well.
 */
export function outcomeOf(facts: TestedFacts): Outcome {
  const canonical = facts.after?.version ?? null;
  if (facts.interruption !== null) return facts.interruption;
  if (facts.redAt !== null) return { kind: "FAIL", tier: facts.redAt, canonical };
  if (facts.promotion !== null) return outcomeOfPromotion(facts, canonical);
  return {
    kind: "PASS-NOT-PROMOTED",
    version: facts.version,
    reason: facts.whyNotPromoted ?? { code: "not-tried", detail: "" },
  };
}

function outcomeOfPromotion(facts: TestedFacts, canonical: string | null): Outcome {
  if (facts.after?.version !== facts.version || facts.after.run !== facts.run)
    return { kind: "GREEN-BUT-PROMOTE-FAILED", canonical, expected: facts.version };
  return { kind: "PASS", version: facts.version, dataProven: facts.after.sentinel === "planted" };
}

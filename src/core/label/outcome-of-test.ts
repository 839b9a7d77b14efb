import type { Canonical } from "../canonical.ts";
import type { Interruption, NotPromotedCode, Outcome, Reason } from "../outcome.ts";
import type { PromotionReport } from "../records/report.ts";
import type { Tier } from "../tier.ts";

/** The known facts about a tested recipe at the end; the records are those read back from disk. */
export interface TestedFacts {
  version: string;
  redAt: Tier | null;
  /** Why the test ended early for a cause other than the recipe. */
  interruption: Interruption | null;
  /** The first unmet condition of a promotion. */
  whyNotPromoted: Reason<NotPromotedCode> | null;
  promotion: PromotionReport | null;
  /** The id of this run, which is in every record that it wrote. */
  run: string;
  after: Canonical | null;
}

/**
 * The outcome from which a label is made. A promotion counts only if the record on disk says that this run made this
 * version the canonical: never because the act reported success.
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

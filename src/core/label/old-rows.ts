import type { RecipeReport } from "../records/report.ts";
import type { TierEnd } from "../tier.ts";

/** What a row of an older report says after the count in its detail; of a newer row without `error`, its detail. */
export function oldError({ detail, outcome }: RecipeReport): string {
  return outcome === undefined ? detail.replace(/^passed \d+ of \d+ planned; /, "") : detail;
}

/** Whether a test failed a tier, in an older report: by the beginning of what it said. */
export function wasOfTest({ tests }: TierEnd, firstError: string): boolean {
  if ((tests ?? []).some(({ status }) => status === "failed")) return true;
  return /^(data\/|health: |restore: the planted data )/.test(firstError);
}

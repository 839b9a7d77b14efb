import type { TierEnd } from "../tier.ts";

export interface GreenBefore {
  /** The content hashes of the tests that passed, by name; null if the record lacks them. */
  tests: Readonly<Record<string, string>> | null;
  tiers: readonly string[] | null;
}

/**
 * Parts of the last green that this test lacks or skips, one line each, without a reason stated for them in
 * `recipe.yaml` (`tests:`, by the test's name or the tier's). A deleted test counts as lost.
 */
export function weakenedSince(
  before: GreenBefore,
  tiers: readonly TierEnd[],
  stated: ReadonlySet<string>,
): string[] {
  const passedTiers = new Set<string>(tiers.filter((end) => end.status === "passed").map((end) => end.tier));
  const passedTests = new Set(
    tiers
      .flatMap((end) => end.tests ?? [])
      .filter((test) => test.status === "passed")
      .map((test) => test.name),
  );
  const lostTiers = (before.tiers ?? []).filter((tier) => !passedTiers.has(tier) && !stated.has(tier));
  const lostTests = Object.keys(before.tests ?? {}).filter(
    (name) => !passedTests.has(name) && !stated.has(name),
  );
  return [...lostTiers.map((tier) => `tier ${tier}`), ...lostTests.map((name) => `test ${name}`)];
}

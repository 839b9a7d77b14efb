import { type PlannedTier, TIERS, type Tier } from "../tier.ts";

export interface TierFacts {
  /** The release from which an upgrade would start; null if there is none. */
  base: string | null;
  backups: { declared: true } | { declared: false; reason: string };
  /** The missing ones of `tests/data/{seed,verify,damage}`. */
  missingData: readonly string[];
  /** The number of applicable tests in the custom tier. */
  customTests: number;
  /** Only these; empty: all. `install` is always included: the others build on it. */
  wanted: readonly Tier[];
  /** On a copy of the canonical, which leaves nothing to upgrade from. */
  quick: boolean;
}

/** The tiers of a cold test, and why others are not planned; decided before the test begins. */
export function planTiers(facts: TierFacts): PlannedTier[] {
  return TIERS.map((tier) => {
    const reason = whyNot(tier, facts);
    return reason === null ? { tier, planned: true } : { tier, planned: false, reason };
  });
}

function whyNot(tier: Tier, facts: TierFacts): string | null {
  if (tier === "install") return null;
  if (!isWanted(tier, facts.wanted)) return "not asked for";
  switch (tier) {
    case "upgrade":
      if (facts.quick) return "a quick run starts on a copy of the canonical";
      return facts.base === null ? "there is no older release to upgrade from" : null;
    case "backup":
    case "restore":
      return whyNoRoundTrip(facts);
    case "custom":
      return facts.customTests === 0 ? "no test applies" : null;
  }
}

// A restore needs a backup to restore.
function isWanted(tier: Tier, wanted: readonly Tier[]): boolean {
  if (wanted.length === 0 || wanted.includes(tier)) return true;
  return tier === "backup" && wanted.includes("restore");
}

function whyNoRoundTrip(facts: TierFacts): string | null {
  if (!facts.backups.declared) return facts.backups.reason;
  if (facts.missingData.length === 0) return null;
  return `nothing can prove the data: ${facts.missingData.map((name) => `tests/data/${name}`).join(", ")} missing`;
}

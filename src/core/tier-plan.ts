import { type PlannedTier, TIERS, type Tier } from "./tier.ts";

export interface TierFacts {
  /** The release that an upgrade would start from; null where there is none. */
  base: string | null;
  backups: { declared: true } | { declared: false; reason: string };
  /** Which of `tests/data/{seed,verify,damage}` are missing. */
  missingData: readonly string[];
  /** How many tests of the custom tier apply. */
  customTests: number;
  /** Only these; empty: all. `install` always belongs to them: the others stand on it. */
  wanted: readonly Tier[];
  /** On a copy of the canonical: there is nothing to upgrade from. */
  quick: boolean;
}

/** Which tiers a cold test has, and why the others are not planned; decided before the test begins. */
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

// A restore needs the backup that it restores.
function isWanted(tier: Tier, wanted: readonly Tier[]): boolean {
  if (wanted.length === 0 || wanted.includes(tier)) return true;
  return tier === "backup" && wanted.includes("restore");
}

function whyNoRoundTrip(facts: TierFacts): string | null {
  if (!facts.backups.declared) return facts.backups.reason;
  if (facts.missingData.length === 0) return null;
  return `nothing can prove the data: ${facts.missingData.map((name) => `tests/data/${name}`).join(", ")} missing`;
}

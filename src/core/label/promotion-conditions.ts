import type { NotPromotedCode, Reason } from "../outcome.ts";
import { type Broken, isBroken } from "../release-tag.ts";
import type { TierEnd } from "../tier.ts";
import { compareVersions, parseVersion } from "../version.ts";

/** All facts that decide whether a green release may become the canonical. */
export interface PromotionFacts {
  enrolled: boolean;
  version: string;
  /** A release tag names the tested commit. */
  isRelease: boolean;
  broken: Broken;
  /** The version of the canonical; null if none counts. */
  canonical: string | null;
  acceptMovedTag: boolean;
  tiers: readonly TierEnd[];
  /** The option that rules a promotion out: `--quick`, `--ref`, `--tier`, `--no-promote`. */
  ruledOutBy: string | null;
  /** The earlier, red attempt of this sweep, in words; null for the first attempt. */
  retryOf: string | null;
  /** Parts of the last green that this test lacks without a stated reason. */
  weakened: readonly string[];
  /** Whether the driver could read back the running version. */
  canReadBack: boolean;
  /** The canonical has a sentinel that no test can look for any longer. */
  sentinelLost: boolean;
  /** Why there is too little disk space for it; null if there is enough. */
  disk: string | null;
}

type WhyNot = Reason<NotPromotedCode>;

/** Why a green release is not promoted: the first unmet condition; null: it is promoted. */
export function whyNotPromoted(facts: PromotionFacts): WhyNot | null {
  if (!facts.isRelease) return why("not-a-release");
  if (!facts.enrolled) return why("not-enrolled");
  if (isBroken(facts.version, facts.broken)) return why("broken", facts.broken[facts.version]);
  if (facts.ruledOutBy !== null) return why("by-request", facts.ruledOutBy);
  if (facts.retryOf !== null) return why("retry", facts.retryOf);
  return notNewer(facts) ?? notProven(facts) ?? (facts.disk === null ? null : why("disk", facts.disk));
}

function notNewer(facts: PromotionFacts): WhyNot | null {
  const tested = parseVersion(facts.version);
  if ("problem" in tested) return why("not-a-release", tested.problem);
  if (facts.canonical === null) return null;
  // Another program's record may name a tag that is not a release: any release is newer than that.
  const canonical = parseVersion(facts.canonical);
  if ("problem" in canonical) return null;
  const order = compareVersions(tested.version, canonical.version);
  if (order > 0 || (order === 0 && facts.acceptMovedTag)) return null;
  return order === 0 ? why("already-canonical") : why("older-than-canonical", facts.canonical);
}

function notProven(facts: PromotionFacts): WhyNot | null {
  if (facts.tiers.length === 0) return why("nothing-tested");
  for (const { because, reason, status, tier } of facts.tiers)
    if (status !== "passed") return why(`${tier}-${status}`, reason ?? because ?? "no reason given");
  if (facts.weakened.length > 0) return why("weakened", `the last green had ${facts.weakened.join(", ")}`);
  if (facts.sentinelLost)
    return why("weakened", "the canonical has a sentinel, and tests/data/verify is gone");
  return facts.canReadBack ? null : why("no-read-back", "the running version cannot be read");
}

function why(code: NotPromotedCode, detail = ""): WhyNot {
  return { code, detail };
}

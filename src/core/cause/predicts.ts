import type { Tier } from "../tier.ts";

/** How a release breaks that has what a rule of `lint` finds. */
interface Break {
  at: readonly Tier[];
  /** Where it was a test that failed, it has to say this: else it was that test which found fault. */
  saidByTest: RegExp | null;
}

const START: Break = { at: ["install", "upgrade"], saidByTest: null };
const DATA_LOST: Break = { at: ["restore"], saidByTest: /^(?:health: |restore: the planted data )/ };
/** Every other rule tells of the deploy, and what a test looked at was deployed. */
const BREAKS: Readonly<Record<string, Break>> = {
  // A fresh install has no config that is there already, and neither has a promotion, which undeploys first.
  "config-version-unchanged": { at: ["upgrade"], saidByTest: null },
  "hot-database-directory": { ...DATA_LOST, at: ["backup", "restore"] },
  "read-only-config": { ...START, saidByTest: /read-only file system|device or resource busy/i },
  "restore-hook-missing": DATA_LOST,
  "shared-network-alias": { ...START, saidByTest: /^health: / },
};
/** What is no fault of a release that is deployed. */
const NOT_OF_RELEASE: readonly string[] = ["test-asserts-no-release", "lightweight-tag"];

/** What of a red tells whether a rule predicted it; `tier` is null where a promotion failed. */
export interface PredictedRed {
  tier: Tier | null;
  /** It was a test that failed, or the health that a test or a probe looks at. */
  isOfTest: boolean;
  firstError: string;
}

/** Whether a release of which `lint` finds this is known to break just as it did. */
export function predicts(rule: string, { firstError, isOfTest, tier }: PredictedRed): boolean {
  if (NOT_OF_RELEASE.includes(rule)) return false;
  const { at, saidByTest } = BREAKS[rule] ?? START;
  // A promotion starts the release; what it does with backups is no part of it.
  if (!at.includes(tier ?? "install")) return false;
  return !isOfTest || saidByTest?.test(firstError) === true;
}

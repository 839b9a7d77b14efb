import type { Tier } from "../tier.ts";

/** How a release with a finding of a `lint` rule breaks. */
interface Break {
  at: readonly Tier[];
  /** A failed test must say this; otherwise the test found another fault. */
  saidByTest: RegExp | null;
}

const START: Break = { at: ["install", "upgrade"], saidByTest: null };
const DATA_LOST: Break = { at: ["restore"], saidByTest: /^(?:health: |restore: the planted data )/ };
/** Every other rule concerns the deploy, and a release under test was deployed. */
const BREAKS: Readonly<Record<string, Break>> = {
  // Neither a fresh install nor a promotion, which undeploys first, meets an existing config.
  "config-version-unchanged": { at: ["upgrade"], saidByTest: null },
  "hot-database-directory": { ...DATA_LOST, at: ["backup", "restore"] },
  "read-only-config": { ...START, saidByTest: /read-only file system|device or resource busy/i },
  "restore-hook-missing": DATA_LOST,
  "shared-network-alias": { ...START, saidByTest: /^health: / },
};
/** Findings that do not harm a deployed release. */
const NOT_OF_RELEASE: readonly string[] = ["test-asserts-no-release", "lightweight-tag"];

/** Facts about a red that show whether a rule predicted it; `tier` is null for a failed promotion. */
export interface PredictedRed {
  tier: Tier | null;
  /** A test failed, or the health that a test or a probe checks. */
  isOfTest: boolean;
  firstError: string;
}

/** Whether a release with this `lint` finding is known to break in this way. */
export function predicts(rule: string, { firstError, isOfTest, tier }: PredictedRed): boolean {
  if (NOT_OF_RELEASE.includes(rule)) return false;
  const { at, saidByTest } = BREAKS[rule] ?? START;
  // A promotion starts the release, but does no backups.
  if (!at.includes(tier ?? "install")) return false;
  return !isOfTest || saidByTest?.test(firstError) === true;
}

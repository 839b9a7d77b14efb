import type { Step } from "../command/step.ts";
import { describeFailure, type Failure } from "../core/act.ts";
import { type PlannedTier, TIERS, type Tier, type TierEnd } from "../core/tier.ts";
import type { InProgress, TierResult } from "./in-progress.ts";
import { backupTier } from "./tiers/backup.ts";
import { customTier } from "./tiers/custom.ts";
import { installTier } from "./tiers/install.ts";
import { restoreTier } from "./tiers/restore.ts";
import { upgradeTier } from "./tiers/upgrade.ts";

export interface TiersEnd {
  /** Every planned tier, with its end. */
  tiers: TierEnd[];
  /** The tier that is red because of the recipe. */
  redAt: Tier | null;
  /** The failure that ended the test: of the red tier, or one that is not the recipe's fault. */
  failure: Failure | null;
}

export interface TierWatch {
  /** Makes the step of a tier, with its limit and its log. */
  step(tier: Tier): Step;
  began(tier: Tier): void;
  ended(end: TierEnd): void;
}

const RUNNERS: Readonly<Record<Tier, (test: InProgress, step: Step) => Promise<TierResult>>> = {
  install: installTier,
  upgrade: upgradeTier,
  backup: backupTier,
  restore: restoreTier,
  custom: customTier,
};

/**
 * Runs the planned tiers in order. The first failure ends the test: the rest is not reached because of that tier, or
 * because of `machinery` if the surroundings failed and nothing is known about the recipe.
 */
export async function runTiers(
  test: InProgress,
  planned: readonly PlannedTier[],
  watch: TierWatch,
): Promise<TiersEnd> {
  const end: TiersEnd = { tiers: [], redAt: null, failure: null };
  for (const tier of TIERS) {
    if (!planned.some((entry) => entry.tier === tier && entry.planned)) continue;
    const tierEnd = end.failure === null ? await runTier(test, tier, watch, end) : notReached(tier, end);
    end.tiers.push(tierEnd);
    watch.ended(tierEnd);
  }
  return end;
}

async function runTier(test: InProgress, tier: Tier, watch: TierWatch, end: TiersEnd): Promise<TierEnd> {
  watch.began(tier);
  const startedMs = test.underTest.clock.now();
  const result = await RUNNERS[tier](test, watch.step(tier));
  const durationMs = test.underTest.clock.now() - startedMs;
  if (result.status === "passed") return { tier, status: "passed", durationMs, tests: result.tests };
  if (result.status === "skipped")
    return { tier, status: "skipped", reason: result.reason, durationMs, tests: result.tests };
  end.failure = result.failure;
  if (!isRecipesFailure(result.failure)) return { ...notReached(tier, end), durationMs, tests: result.tests };
  end.redAt = tier;
  const reason = describeFailure(result.failure);
  return { tier, status: "failed", reason, isOfTest: isOfTest(result), durationMs, tests: result.tests };
}

// The tests of the data belong to no tier, and a health command is listed among the tests.
function isOfTest({ failure, tests }: Extract<TierResult, { status: "failed" }>): boolean {
  if (failure.isOfTest === true || tests.some(({ status }) => status === "failed")) return true;
  return failure.step === "health" || failure.step.startsWith("data/");
}

function notReached(tier: Tier, end: TiersEnd): TierEnd {
  return { tier, status: "not-reached", because: end.redAt ?? "machinery", durationMs: 0 };
}

/** Whether a failure counts against the recipe: its own errors, and exceeded limits. */
function isRecipesFailure(failure: Failure): boolean {
  return failure.cause === "recipe" || failure.cause === "timeout";
}

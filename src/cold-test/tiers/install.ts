import type { Step } from "../../command/step.ts";
import { ensureTarget, failedTier, type InProgress, type TierResult } from "../in-progress.ts";
import { concludeTier, runDataTest } from "../tier-tests.ts";

/** The release from nothing: it must converge, answer and pass the recipe's tests of this tier. */
export async function installTier(test: InProgress, step: Step): Promise<TierResult> {
  const deployed = await ensureTarget(test, step);
  if (!deployed.ok) return failedTier(deployed.failure);
  if (test.copyOf === null || !test.canProveData) return concludeTier(test, "install", [], step);
  const verified = await runDataTest(test, "install", "verify", step);
  if (!verified.ok) return failedTier(verified.failure);
  test.seeded = true;
  return concludeTier(test, "install", [verified.value], step);
}

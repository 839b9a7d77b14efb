import type { Step } from "../../command/step.ts";
import { ensureTarget, failedTier, type InProgress, type TierResult } from "../in-progress.ts";
import { concludeTier } from "../tier-tests.ts";

/** The recipe's own tests on the running release. */
export async function customTier(test: InProgress, step: Step): Promise<TierResult> {
  const deployed = await ensureTarget(test, step);
  if (!deployed.ok) return failedTier(deployed.failure);
  return concludeTier(test, "custom", [], step);
}

import type { Step } from "../../command/step.ts";
import { describeFailure, fail } from "../../core/act.ts";
import { unknownVersion } from "../../core/read-back.ts";
import type { TestEnd } from "../../core/tier.ts";
import { deployOn, failedTier, type InProgress, type TierResult, wipe } from "../in-progress.ts";
import { concludeTier, runDataTest, seedOnce } from "../tier-tests.ts";

/**
 * An older release with data, brought to the target: what runs before and after is read back and must differ.
 * A base that does not deploy says nothing of the target: the tier is skipped with that reason.
 */
export async function upgradeTier(test: InProgress, step: Step): Promise<TierResult> {
  if (test.base === null) throw new Error("an upgrade tier without a base was planned");
  const wiped = await wipe(test, step);
  if (!wiped.ok) return failedTier(wiped.failure);
  const from = await deployOn(test, test.base, null, step);
  if (!from.ok)
    return from.failure.cause === "recipe" || from.failure.cause === "timeout"
      ? skipForBase(test, describeFailure(from.failure), step)
      : failedTier(from.failure);
  const seeded = await seedOnce(test, "upgrade", step);
  if (!seeded.ok)
    return seeded.failure.cause === "recipe"
      ? skipForBase(test, describeFailure(seeded.failure), step)
      : failedTier(seeded.failure);
  const to = await deployOn(test, test.target, from.value, step);
  if (!to.ok) return failedTier(to.failure);
  const unknown = [from.value, to.value].find(({ version }) => version === null);
  if (unknown !== undefined) return { status: "skipped", reason: unknownVersion(unknown), tests: [] };
  if (from.value.version === to.value.version)
    return failedTier(
      fail("recipe", "read-back", `${to.value.version} runs before and after the upgrade`).failure,
    );
  return verifyAndConclude(test, step);
}

async function verifyAndConclude(test: InProgress, step: Step): Promise<TierResult> {
  const before: TestEnd[] = [];
  if (test.seeded) {
    const verified = await runDataTest(test, "upgrade", "verify", step);
    if (!verified.ok) return failedTier(verified.failure);
    before.push(verified.value);
  }
  return concludeTier(test, "upgrade", before, step);
}

// The target must run again for the tiers that come, and from nothing.
async function skipForBase(test: InProgress, why: string, step: Step): Promise<TierResult> {
  const reason = `base ${test.base?.version} does not deploy: ${why}`;
  step.say(reason);
  const wiped = await wipe(test, step);
  return wiped.ok ? { status: "skipped", reason, tests: [] } : failedTier(wiped.failure);
}

import { waitHealthy } from "../../app/health.ts";
import { deadlineIn } from "../../command/deadline.ts";
import type { Step } from "../../command/step.ts";
import { fail } from "../../core/act.ts";
import { ensureTarget, failedTier, type InProgress, type TierResult } from "../in-progress.ts";
import { concludeTier, runDataTest } from "../tier-tests.ts";

/** The planted data is damaged and restored from the backup: if it is not found again, the tier is red. */
export async function restoreTier(test: InProgress, step: Step): Promise<TierResult> {
  const { underTest, backup } = test;
  if (backup === null) return { status: "skipped", reason: "there is no backup to restore from", tests: [] };
  const deployed = await ensureTarget(test, step);
  if (!deployed.ok) return failedTier(deployed.failure);
  const damaged = await runDataTest(test, "restore", "damage", step);
  if (!damaged.ok) return failedTier(damaged.failure);
  const found = await runDataTest(test, "restore", "verify", step);
  if (!found.ok && found.failure.cause !== "recipe") return failedTier(found.failure);
  const { app, driver } = underTest;
  const restored = await driver.restore(app, deployed.value.source, backup.folder, backup.id, step);
  if (!restored.ok) return failedTier(restored.failure);
  const limited = step.within(deadlineIn(underTest.clock, "timeouts.deploy", test.deployLimitMs));
  const healthy = await waitHealthy(underTest, deployed.value.target, deployed.value.source.version, limited);
  if (!healthy.ok) return failedTier(healthy.failure);
  const verified = await runDataTest(test, "restore", "verify", step);
  if (!verified.ok)
    return failedTier({
      ...fail(
        verified.failure.cause,
        "restore",
        `the planted data is not found again: ${verified.failure.message}`,
      ).failure,
      isOfTest: true,
    });
  if (found.ok)
    return {
      status: "skipped",
      reason: "tests/data/damage did no damage that tests/data/verify sees: the round trip proves nothing",
      tests: [verified.value],
    };
  return concludeTier(test, "restore", [verified.value], step);
}

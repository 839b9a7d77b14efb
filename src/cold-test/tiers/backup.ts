import type { Step } from "../../command/step.ts";
import { fail } from "../../core/act.ts";
import { emptyFolder, ensureTarget, failedTier, type InProgress, type TierResult } from "../in-progress.ts";
import { concludeTier, seedOnce } from "../tier-tests.ts";

/** A backup of planted data; one that exits with 0 but is empty is red. */
export async function backupTier(test: InProgress, step: Step): Promise<TierResult> {
  const deployed = await ensureTarget(test, step);
  if (!deployed.ok) return failedTier(deployed.failure);
  const seeded = await seedOnce(test, "backup", step);
  if (!seeded.ok) return failedTier(seeded.failure);
  const folder = emptyFolder(test, "backup");
  const backup = await test.underTest.driver.backup(test.underTest.app, deployed.value.source, folder, step);
  if (!backup.ok) return failedTier(backup.failure);
  const { files, bytes, id } = backup.value;
  step.say(`backup ${id}: ${files} files, ${bytes} bytes`);
  if (files === 0 || bytes === 0)
    return failedTier(
      fail("recipe", "backup", `the backup succeeded with nothing in it (${files} files, ${bytes} bytes)`)
        .failure,
    );
  test.backup = { folder, id };
  return concludeTier(test, "backup", [], step);
}

import { foreignTo } from "../../app/foreign.ts";
import { takeRoomForNotes } from "../../canonical/promotion-journal.ts";
import { type ActResult, DONE, fail } from "../../core/act.ts";
import type { Promoting } from "../request.ts";

/**
 * Clears obstacles before anything is touched: foreign objects refuse the promotion; an idle canonical that is found
 * deployed is drift, which is reported and undeployed. Then reserves the journal's space for the whole promotion.
 */
export async function settle(promoting: Promoting): Promise<ActResult> {
  const settled = await settleWhatStands(promoting);
  if (!settled.ok) return settled;
  const { underTest, journal, paths, step } = promoting;
  if (journal.hadData) {
    const names = await underTest.driver.secretsAndConfigs(underTest.app, step);
    if (!names.ok) return names;
    Object.assign(journal, names.value);
  }
  promoting.room = takeRoomForNotes(paths, journal);
  return DONE;
}

async function settleWhatStands(promoting: Promoting): Promise<ActResult> {
  const { underTest, before, step } = promoting;
  const inventory = await underTest.driver.inventory(underTest.app, null, step);
  if (!inventory.ok) return inventory;
  const { ours } = inventory.value;
  const foreign = foreignTo(before, inventory.value);
  if (foreign.length > 0)
    return fail(
      "refused",
      "settle",
      `not ours, and left alone: ${foreign.join(", ")} stands at ${underTest.app.domain}`,
    );
  if (before === null && ours.length > 0)
    return fail("refused", "settle", `without a record, at ${underTest.app.domain}: ${ours.join(", ")}`);
  const deployed = await underTest.driver.isDeployed(underTest.app, step);
  if (!deployed.ok) return deployed;
  if (!deployed.value || before?.status === "live") return DONE;
  if (before === null)
    return fail("refused", "settle", `something is deployed at ${underTest.app.domain} without a record`);
  const what = `the ${before.status} canonical ${before.version}`;
  const drift = `drift: ${what} was found deployed at ${underTest.app.domain}; it was undeployed`;
  promoting.notes.push(drift);
  step.warn(drift);
  return underTest.driver.undeploy(underTest.app, null, step);
}

import type { Step } from "../command/step.ts";
import type { Failure } from "../core/act.ts";
import type { Source } from "../core/app.ts";
import type { ServiceState } from "../core/read-back.ts";
import type { AppUnderTest } from "./under-test.ts";

export interface Teardown {
  services: ServiceState[];
  /** Our objects that are still there: must be empty. */
  residue: string[];
  notes: string[];
  /** Why the rest could not be looked at; null: it was. */
  unseen: Failure | null;
}

/**
 * Collects evidence, removes the app, and proves by an inventory that nothing of it is left. Objects that it could not
 * remove or look at are residue: always reported. `whileItStands` runs before the removal.
 */
export async function tearDown(
  underTest: AppUnderTest,
  source: Source | null,
  folder: string,
  step: Step,
  whileItStands: (services: readonly ServiceState[]) => Promise<void> = async () => {},
): Promise<Teardown> {
  const services = await underTest.driver.collectEvidence(underTest.app, source, folder, step);
  await whileItStands(services);
  const notes: string[] = [];
  const stopped = await underTest.driver.undeploy(underTest.app, source, step);
  if (!stopped.ok) notes.push(`undeploy: ${stopped.failure.message}`);
  const removed = await underTest.driver.remove(underTest.app, step);
  if (!removed.ok) notes.push(`remove: ${removed.failure.message}`);
  const inventory = await underTest.driver.inventory(underTest.app, source, step);
  if (!inventory.ok) {
    const residue = [`the inventory failed: ${inventory.failure.message}`];
    return { services, residue, notes, unseen: inventory.failure };
  }
  const foreign = inventory.value.foreign.map((name) => `not ours, left alone: ${name}`);
  return { services, residue: inventory.value.ours, notes: [...notes, ...foreign], unseen: null };
}

import { deadlineIn } from "../command/deadline.ts";
import type { Step } from "../command/step.ts";
import type { ActResult } from "../core/act.ts";
import { fail, succeed } from "../core/act.ts";
import type { Canonical } from "../core/canonical.ts";
import { targetOf } from "../edge/probe.ts";
import type { Bed } from "./bed.ts";
import { deployHealthy } from "./deploy-healthy.ts";
import { foreignTo } from "./foreign.ts";
import { waitHealthy } from "./health.ts";

/** `healthy`: it ran its version and answered. `brought-up`: it had to be deployed. */
export type BroughtUp = "healthy" | "brought-up";

/** The parts of a record needed to bring its app up. */
export type Wanted = Pick<Canonical, "version" | "commit" | "adoptedObjects">;

/** Limit for a running live canonical to answer, in milliseconds. */
const LOOK_LIMIT_MS = 15_000;

/**
 * Brings a live canonical to its version. One that already runs it and answers over the edge, by the probe of a
 * promotion, is left alone. `ranBefore`: its permissions are not checked again.
 */
export async function bringUp(
  bed: Bed,
  record: Wanted,
  step: Step,
  options: { ranBefore?: true } = {},
): Promise<ActResult<BroughtUp>> {
  if (await isHealthyAt(bed, record, step)) return succeed("healthy");
  const free = await refuseForeign(bed, record, step);
  if (!free.ok) return free;
  const stopped = await bed.driver.undeploy(bed.app, null, step);
  if (!stopped.ok) return stopped;
  const { version, commit } = record;
  const deployed = await deployHealthy(
    bed,
    { version, commit, base: null, assertVersion: true, ...options },
    step,
  );
  return deployed.ok ? succeed("brought-up") : deployed;
}

// Foreign objects would refuse the deploy, so nothing is stopped for it.
async function refuseForeign(bed: Bed, record: Wanted, step: Step): Promise<ActResult> {
  const inventory = await bed.driver.inventory(bed.app, null, step);
  if (!inventory.ok) return inventory;
  const foreign = foreignTo(record, inventory.value);
  return foreign.length === 0
    ? succeed(undefined)
    : fail("refused", "look", `not ours, and left alone: ${foreign.join(", ")}`);
}

async function isHealthyAt(bed: Bed, record: Wanted, step: Step): Promise<boolean> {
  const { version, commit } = record;
  const source = { recipe: bed.app.recipe, version, commit, checkout: "", mirror: "" };
  const running = await bed.driver.running(bed.app, source, step);
  if (!running.ok || running.value.version !== version) return false;
  const url = await bed.driver.url(bed.app, source, step);
  if (!url.ok) return false;
  const target = targetOf(url.value, bed.app.edge, bed.app.domain);
  const look = step.within(deadlineIn(bed.clock, "live canonical", LOOK_LIMIT_MS));
  return (await waitHealthy(bed, target, version, look)).ok;
}

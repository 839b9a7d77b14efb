import { deadlineIn } from "../command/deadline.ts";
import type { Step } from "../command/step.ts";
import { type ActResult, fail, succeed } from "../core/act.ts";
import type { Canonical } from "../core/canonical.ts";
import { targetOf } from "../edge/probe.ts";
import { deployHealthy } from "./deploy-healthy.ts";
import { foreignTo } from "./foreign.ts";
import { waitHealthy } from "./health.ts";
import type { AppUnderTest } from "./under-test.ts";

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
  underTest: AppUnderTest,
  record: Wanted,
  step: Step,
  options: { ranBefore?: true } = {},
): Promise<ActResult<BroughtUp>> {
  if (await isHealthyAt(underTest, record, step)) return succeed("healthy");
  const free = await refuseForeign(underTest, record, step);
  if (!free.ok) return free;
  const stopped = await underTest.driver.undeploy(underTest.app, null, step);
  if (!stopped.ok) return stopped;
  const { version, commit } = record;
  const deployed = await deployHealthy(
    underTest,
    { version, commit, base: null, assertVersion: true, ...options },
    step,
  );
  return deployed.ok ? succeed("brought-up") : deployed;
}

// Foreign objects would refuse the deploy, so nothing is stopped for it.
async function refuseForeign(underTest: AppUnderTest, record: Wanted, step: Step): Promise<ActResult> {
  const inventory = await underTest.driver.inventory(underTest.app, null, step);
  if (!inventory.ok) return inventory;
  const foreign = foreignTo(record, inventory.value);
  return foreign.length === 0
    ? succeed(undefined)
    : fail("refused", "look", `not ours, and left alone: ${foreign.join(", ")}`);
}

async function isHealthyAt(underTest: AppUnderTest, record: Wanted, step: Step): Promise<boolean> {
  const { version, commit } = record;
  const source = { recipe: underTest.app.recipe, version, commit, checkout: "", mirror: "" };
  const running = await underTest.driver.running(underTest.app, source, step);
  if (!running.ok || running.value.version !== version) return false;
  const url = await underTest.driver.url(underTest.app, source, step);
  if (!url.ok) return false;
  const target = targetOf(url.value, underTest.app.edge, underTest.app.domain);
  const look = step.within(deadlineIn(underTest.clock, "live canonical", LOOK_LIMIT_MS));
  return (await waitHealthy(underTest, target, version, look)).ok;
}

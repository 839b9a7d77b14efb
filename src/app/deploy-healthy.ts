import type { Step } from "../command/step.ts";
import { type ActResult, DONE, fail, succeed } from "../core/act.ts";
import type { Source } from "../core/app.ts";
import { targetOf } from "../edge/probe.ts";
import { refuseAnswering, waitHealthy } from "./health.ts";
import { permissionProblem } from "./permissions.ts";
import type { AppUnderTest, Deployed } from "./under-test.ts";

export interface Wanted {
  version: string;
  commit: string;
  /** The running version to upgrade from; null: the app is not running. */
  base: Source | null;
  /** Whether the running version must be the wanted one; false for a commit that is not a release. */
  assertVersion: boolean;
  /** It ran until now and is only restored: its permissions are not checked again. */
  ranBefore?: true;
}

/**
 * Deploys a version from a fresh clean checkout, waits until it has converged and answers, and reads back the running
 * version. If nothing ran before, the same probe must have failed first.
 */
export async function deployHealthy(
  underTest: AppUnderTest,
  wanted: Wanted,
  step: Step,
): Promise<ActResult<Deployed>> {
  const checkout = await underTest.checkOut(wanted.version, wanted.commit, step);
  if (!checkout.ok) return checkout;
  const source = checkout.value;
  const permitted = wanted.ranBefore ? DONE : await permissionProblem(underTest, source, step);
  if (!permitted.ok) return permitted;
  if (wanted.base === null) {
    const refused = await refuseIfAnswering(underTest, source, step);
    if (!refused.ok) return refused;
  }
  step.say(`deploying ${source.version} (${source.commit}) at ${underTest.app.domain}`);
  const deployed = await underTest.driver.deploy(underTest.app, source, wanted.base, step);
  if (!deployed.ok) return deployed;
  const url = await underTest.driver.url(underTest.app, source, step);
  if (!url.ok) return url;
  const target = targetOf(url.value, underTest.app.edge, underTest.app.domain);
  const healthy = await waitHealthy(underTest, target, source.version, step);
  if (!healthy.ok) return healthy;
  const running = await underTest.driver.running(underTest.app, source, step);
  if (!running.ok) return running;
  const { version } = running.value;
  if (wanted.assertVersion && version !== null && version !== wanted.version)
    return fail("recipe", "read-back", `${version} runs after ${wanted.version} was deployed`);
  return succeed({ source, target, ...running.value });
}

async function refuseIfAnswering(underTest: AppUnderTest, source: Source, step: Step): Promise<ActResult> {
  const url = await underTest.driver.url(underTest.app, source, step);
  if (!url.ok) return DONE;
  const target = targetOf(url.value, underTest.app.edge, underTest.app.domain);
  return refuseAnswering(underTest, target, source.version, step);
}

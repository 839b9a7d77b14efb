import type { Step } from "../command/step.ts";
import type { ActResult } from "../core/act.ts";
import { DONE, fail, succeed } from "../core/act.ts";
import type { Source } from "../core/app.ts";
import { targetOf } from "../edge/probe.ts";
import type { Bed, Deployed } from "./bed.ts";
import { refuseAnswering, waitHealthy } from "./health.ts";
import { permissionProblem } from "./permissions.ts";

export interface Wanted {
  version: string;
  commit: string;
  /** The running version that is upgraded; null: the app is not running. */
  base: Source | null;
  /** Whether the version that runs must be the wanted one; not so for a commit that is no release. */
  assertVersion: boolean;
  /** It ran until now and is only put back: what it may ask of the host is not asked again. */
  ranBefore?: true;
}

/**
 * Deploys a version from a fresh clean checkout, waits until it has converged and answers, and reads back
 * what runs. Where nothing ran before, the same probe must have failed first.
 */
export async function deployHealthy(bed: Bed, wanted: Wanted, step: Step): Promise<ActResult<Deployed>> {
  const checkout = await bed.checkOut(wanted.version, wanted.commit, step);
  if (!checkout.ok) return checkout;
  const source = checkout.value;
  const permitted = wanted.ranBefore ? DONE : await permissionProblem(bed, source, step);
  if (!permitted.ok) return permitted;
  if (wanted.base === null) {
    const refused = await refuseIfAnswering(bed, source, step);
    if (!refused.ok) return refused;
  }
  step.say(`deploying ${source.version} (${source.commit}) at ${bed.app.domain}`);
  const deployed = await bed.driver.deploy(bed.app, source, wanted.base, step);
  if (!deployed.ok) return deployed;
  const url = await bed.driver.url(bed.app, source, step);
  if (!url.ok) return url;
  const target = targetOf(url.value, bed.app.edge, bed.app.domain);
  const healthy = await waitHealthy(bed, target, source.version, step);
  if (!healthy.ok) return healthy;
  const running = await bed.driver.running(bed.app, source, step);
  if (!running.ok) return running;
  const { version } = running.value;
  if (wanted.assertVersion && version !== null && version !== wanted.version)
    return fail("recipe", "read-back", `${version} runs after ${wanted.version} was deployed`);
  return succeed({ source, target, ...running.value });
}

async function refuseIfAnswering(bed: Bed, source: Source, step: Step): Promise<ActResult> {
  const url = await bed.driver.url(bed.app, source, step);
  if (!url.ok) return DONE;
  const target = targetOf(url.value, bed.app.edge, bed.app.domain);
  return refuseAnswering(bed, target, source.version, step);
}

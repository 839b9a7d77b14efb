import { runTest, volumeNames } from "../../app/run-test.ts";
import { type ActResult, DONE, fail } from "../../core/act.ts";
import type { Promoting } from "../request.ts";
import { deployWith } from "./deploy.ts";

/**
 * Proves that the data outlives the promotion. A seed plants the sentinel and is restarted on its own volumes and
 * secrets before it counts. An advance verifies the canonical's sentinel, or plants one if the record has none.
 */
export async function proveData(promoting: Promoting): Promise<ActResult> {
  if (promoting.journal.kind === "seed") return proveSeed(promoting);
  if (promoting.before?.sentinel === "planted") return verify(promoting, "verified");
  if (!promoting.canProveData) return DONE;
  const planted = await dataTest(promoting, "seed");
  return planted.ok ? verify(promoting, "planted") : planted;
}

async function proveSeed(promoting: Promoting): Promise<ActResult> {
  const { underTest, canProveData, step } = promoting;
  if (canProveData) {
    const planted = await dataTest(promoting, "seed");
    if (!planted.ok) return planted;
  }
  const kept = await underTest.driver.kept(underTest.app, step);
  if (!kept.ok) return kept;
  const stopped = await underTest.driver.undeploy(underTest.app, promoting.deployed?.source ?? null, step);
  if (!stopped.ok) return stopped;
  const again = await deployWith(promoting, kept.value);
  if (!again.ok) return again;
  return canProveData ? verify(promoting, "planted") : DONE;
}

async function verify(promoting: Promoting, sentinel: "planted" | "verified"): Promise<ActResult> {
  const verified = await dataTest(promoting, "verify");
  if (verified.ok) promoting.sentinel = sentinel;
  return verified;
}

async function dataTest(promoting: Promoting, name: "seed" | "verify"): Promise<ActResult> {
  const { underTest, deployed, proven, step } = promoting;
  const subject = {
    version: proven.version,
    commit: proven.commit,
    tier: "",
    target: deployed?.target ?? null,
    volumes: await volumeNames(underTest, step),
  };
  const run = await runTest(underTest, `data/${name}`, subject, step);
  if (run.end.status === "passed") return DONE;
  if (run.failure !== null) return { ok: false, failure: run.failure };
  return fail("recipe", `data/${name}`, run.end.reason ?? run.end.status);
}

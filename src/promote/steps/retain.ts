import { writeKept } from "../../canonical/store.ts";
import { type ActResult, DONE } from "../../core/act.ts";
import type { Promoting } from "../request.ts";

/** Keeps the `.env` and the secrets. An idle canonical is undeployed with all of it retained; a live one stays up. */
export async function retain(promoting: Promoting): Promise<ActResult> {
  const { underTest, paths, step, warm } = promoting;
  const kept = await underTest.driver.kept(underTest.app, step);
  if (!kept.ok) return kept;
  writeKept(paths.kept, kept.value);
  if (warm === "live") return DONE;
  return underTest.driver.undeploy(underTest.app, promoting.deployed?.source ?? null, step);
}

import { deployHealthy } from "../../app/deploy-healthy.ts";
import { readKept } from "../../canonical/store.ts";
import { type ActResult, DONE } from "../../core/act.ts";
import type { KeptFiles } from "../../core/app.ts";
import type { Promoting } from "../request.ts";

/** Deploys the tested version at the warm domain, on the retained data or fresh for a seed, until it answers. */
export async function deployTested(promoting: Promoting): Promise<ActResult> {
  const kept = promoting.journal.kind === "seed" ? null : readKept(promoting.paths.kept);
  return deployWith(promoting, kept);
}

/** Deploys with the given `.env` and secrets; null creates new ones. */
export async function deployWith(promoting: Promoting, kept: KeptFiles | null): Promise<ActResult> {
  const { proven, step } = promoting;
  promoting.underTest.app.kept = kept;
  const deployed = await deployHealthy(
    promoting.underTest,
    { version: proven.version, commit: proven.commit, base: null, assertVersion: true },
    step,
  );
  if (!deployed.ok) return deployed;
  promoting.deployed = deployed.value;
  return DONE;
}

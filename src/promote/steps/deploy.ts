import { deployHealthy } from "../../app/deploy-healthy.ts";
import { readKept } from "../../canonical/store.ts";
import type { KeptFiles, Outcome } from "../../driver/driver.ts";
import { DONE } from "../../driver/outcome.ts";
import type { Promoting } from "../request.ts";

/** Deploys the tested version at the warm domain, on the retained data or fresh for a seed, until it answers. */
export async function deployTested(promoting: Promoting): Promise<Outcome> {
  const kept = promoting.journal.kind === "seed" ? null : readKept(promoting.paths.kept);
  return deployWith(promoting, kept);
}

/** Deploys with the given `.env` and secrets; null makes them anew. */
export async function deployWith(promoting: Promoting, kept: KeptFiles | null): Promise<Outcome> {
  const { proven, step } = promoting;
  promoting.bed.app.kept = kept;
  const deployed = await deployHealthy(
    promoting.bed,
    { version: proven.version, commit: proven.commit, base: null, assertVersion: true },
    step,
  );
  if (!deployed.ok) return deployed;
  promoting.deployed = deployed.value;
  return DONE;
}

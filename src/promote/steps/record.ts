import { join } from "node:path";
import { forgetDown } from "../../canonical/down.ts";
import { keepTests } from "../../canonical/kept-tests.ts";
import { readKept, writeRecord } from "../../canonical/store.ts";
import { type ActResult, DONE } from "../../core/act.ts";
import type { Canonical } from "../../core/canonical.ts";
import { readTreeContent } from "../../state/trees/tree-content.ts";
import { endPromotion, promotedEntry } from "../end-promotion.ts";
import type { Promoting } from "../request.ts";

/**
 * Syncs the data and replaces the record with the tested version and its tag's own commit: from here on the new
 * canonical counts. Then appends the history, and removes the snapshot and the journal.
 */
export async function recordIt(promoting: Promoting): Promise<ActResult> {
  const { underTest, journal, paths, snapshot, step } = promoting;
  const synced = await underTest.driver.syncData(underTest.app, step);
  if (!synced.ok) return synced;
  const record = await describe(promoting);
  if (!record.ok) return record;
  const kept = keepTests(paths, join(underTest.folder, "tests"));
  if ("digest" in kept) record.value.keptTests = kept.digest;
  else step.warn(`the tests are not kept: ${kept.problem}`);
  writeRecord(paths, record.value);
  // It was seen to answer in this promotion, whatever an earlier note says.
  forgetDown(paths);
  endPromotion({ paths, snapshot }, promotedEntry(journal, record.value.ts), step);
  return DONE;
}

async function describe(promoting: Promoting): Promise<ActResult<Canonical>> {
  const { underTest, deployed, proven, step } = promoting;
  const volumes = await underTest.driver.volumes(underTest.app, step);
  if (!volumes.ok) return volumes;
  const names = await underTest.driver.secretsAndConfigs(underTest.app, step);
  if (!names.ok) return names;
  const kept = readKept(promoting.paths.kept);
  const record: Canonical = {
    recipe: underTest.app.recipe,
    version: proven.version,
    commit: proven.commit,
    status: promoting.warm,
    ts: new Date(underTest.clock.now()).toISOString(),
    tagObject: proven.tagObject,
    run: underTest.app.run,
    domain: underTest.app.domain,
    lane: underTest.app.lane.name,
    driver: underTest.driver.name,
    volumes: volumes.value,
    secrets: names.value.secrets,
    configs: names.value.configs,
    images: deployed?.images ?? [],
    sentinel: promoting.sentinel === "none" ? "none" : "planted",
    tests: { ...proven.tests },
    tiers: [...proven.tiers],
    configuration: readTreeContent(underTest.folder, ["tests"]).digest,
    environment: proven.environment,
    kept: { env: kept !== null && kept.env !== null, secrets: Object.keys(kept?.secrets ?? {}).sort() },
    ...(promoting.before?.adoptedObjects === undefined
      ? {}
      : { adoptedObjects: promoting.before.adoptedObjects }),
  };
  return { ok: true, value: record };
}

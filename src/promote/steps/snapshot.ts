import { join } from "node:path";
import { noteInJournal } from "../../canonical/promotion-journal.ts";
import { readKept, writeKept } from "../../canonical/store.ts";
import { type ActResult, DONE, fail } from "../../core/act.ts";
import { removeTree } from "../../state/files.ts";
import { makeFolder } from "../../state/folders.ts";
import type { Promoting } from "../request.ts";

/** Undeploys a live canonical: its outage begins here and is reported. */
export async function stopLive(promoting: Promoting): Promise<ActResult> {
  const { underTest, journal, step } = promoting;
  if (!journal.wasLive) return DONE;
  promoting.outageFromMs = underTest.clock.now();
  return underTest.driver.undeploy(underTest.app, null, step);
}

/** Copies the data of an earlier canonical aside, with its `.env` and secrets, and marks the copy complete. */
export async function snapshotData(promoting: Promoting): Promise<ActResult> {
  const { underTest, journal, paths, snapshot, step } = promoting;
  if (!journal.hadData) return DONE;
  const deployed = await underTest.driver.isDeployed(underTest.app, step);
  if (!deployed.ok) return deployed;
  if (deployed.value)
    return fail("machinery", "snapshot", `something at ${underTest.app.domain} still uses the data`);
  removeTree(snapshot);
  makeFolder(join(snapshot, "data"), 0o700);
  const copied = await underTest.driver.snapshot(underTest.app, join(snapshot, "data"), step);
  if (!copied.ok) return copied;
  writeKept(join(snapshot, "kept"), readKept(paths.kept));
  noteInJournal(promoting, { snapshotComplete: true });
  return DONE;
}

/** A seed over a revoked canonical starts fresh: the snapshot holds the old data until the seed is proven. */
export async function clearData(promoting: Promoting): Promise<ActResult> {
  const { underTest, journal, step } = promoting;
  if (journal.kind !== "seed" || !journal.hadData) return DONE;
  return underTest.driver.remove(underTest.app, step);
}

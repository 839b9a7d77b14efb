import { join } from "node:path";
import type { Bed } from "../app/bed.ts";
import { deployHealthy } from "../app/deploy-healthy.ts";
import { readKept, readRecord, writeKept } from "../canonical/store.ts";
import type { Step } from "../command/step.ts";
import type { Canonical } from "../core/canonical.ts";
import type { Outcome } from "../driver/driver.ts";
import { DONE, fail } from "../driver/outcome.ts";
import { messageOf } from "../fault.ts";
import { ensureFolder, exists } from "../state/files.ts";
import { endPromotion, type GivenUp, givenUpEntry, type PromotionPlace, promotedEntry } from "./end.ts";
import type { PromotionJournal } from "./journal.ts";

/** What a rollback works with: also after a kill, when nothing but the journal is known. */
export interface RollBackRequest extends PromotionPlace {
  /** The warm app. */
  bed: Bed;
  rollbackStep: Step;
}

/**
 * Ends a promotion that did not come to its end: with the old record and the old data as they were, or, where
 * the record was already replaced, with the new ones. It can be repeated after a kill at any point.
 */
export async function rollBack(
  request: RollBackRequest,
  journal: PromotionJournal,
  givenUp: GivenUp,
): Promise<Outcome> {
  try {
    const recorded = recordOf(request, journal);
    const undone = recorded === null ? await undo(request, journal) : DONE;
    if (!undone.ok) return undone;
    const entry = recorded === null ? givenUpEntry(journal, givenUp) : promotedEntry(journal, recorded.ts);
    endPromotion(request, entry, request.rollbackStep);
    return DONE;
  } catch (error) {
    return fail("machinery", "rollback", messageOf(error));
  }
}

/** Whether the record already says what the promotion was to write: then it counts. */
export function wasRecorded(request: Pick<RollBackRequest, "paths">, journal: PromotionJournal): boolean {
  return recordOf(request, journal) !== null;
}

function recordOf({ paths }: Pick<RollBackRequest, "paths">, journal: PromotionJournal): Canonical | null {
  const reading = readRecord(paths, journal.recipe);
  if (reading.state !== "read") return null;
  const { run, version, commit } = reading.record;
  const isThis = run === journal.run && version === journal.to.version && commit === journal.to.commit;
  return isThis ? reading.record : null;
}

async function undo(request: RollBackRequest, journal: PromotionJournal): Promise<Outcome> {
  const { bed, rollbackStep: step } = request;
  if (journal.step === "settle") return DONE;
  step.say(`rolling back the ${journal.kind} of ${journal.to.version} from its step ${journal.step}`);
  const stopped = await bed.driver.undeploy(bed.app, null, step);
  if (!stopped.ok) return stopped;
  const restored = journal.hadData ? await bringBack(request, journal) : await discardSeed(request, journal);
  if (!restored.ok) return restored;
  return journal.wasLive ? startAgain(request, journal) : DONE;
}

async function bringBack(request: RollBackRequest, journal: PromotionJournal): Promise<Outcome> {
  if (!journal.snapshotComplete) return DONE;
  const { bed, paths, rollbackStep: step, snapshot } = request;
  // What has no snapshot would be "brought back" as no data at all.
  if (!exists(join(snapshot, "data")))
    return fail("machinery", "rollback", `${snapshot} is gone, which has the old data: restore it`);
  const data = await bed.driver.restoreSnapshot(bed.app, join(snapshot, "data"), step);
  if (!data.ok) return data;
  writeKept(paths.kept, readKept(join(snapshot, "kept")));
  return bed.driver.removeSecretsExcept(bed.app, journal, step);
}

// A seed that fails leaves nothing behind, so that the next try starts clean.
async function discardSeed(request: RollBackRequest, journal: PromotionJournal): Promise<Outcome> {
  const { paths } = request;
  if (readRecord(paths, journal.recipe).state !== "absent")
    return fail("refused", "rollback", `${paths.promotion} is of a seed, and ${paths.record} is there`);
  const removed = await request.bed.driver.remove(request.bed.app, request.rollbackStep);
  if (removed.ok) writeKept(request.paths.kept, null);
  return removed;
}

async function startAgain(request: RollBackRequest, journal: PromotionJournal): Promise<Outcome> {
  if (journal.from === null) return DONE;
  const { bed, paths, rollbackStep: step } = request;
  // What the failed deploy left in its scratch is the new version's `.env`.
  const scratch = join(bed.app.scratch, "rollback");
  ensureFolder(scratch, 0o700);
  Object.assign(bed.app, { scratch, kept: readKept(paths.kept) });
  const before = { ...journal.from, base: null, assertVersion: true, ranBefore: true } as const;
  const running = await deployHealthy(bed, before, step);
  return running.ok ? DONE : running;
}

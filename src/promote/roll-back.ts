import { join } from "node:path";
import { type BroughtUp, bringUp, type Wanted } from "../app/bring-up.ts";
import { deployHealthy } from "../app/deploy-healthy.ts";
import type { AppUnderTest } from "../app/under-test.ts";
import { forgetDown, noteDown } from "../canonical/down.ts";
import { noteInJournal, PROMOTION_STEPS, type PromotionJournal } from "../canonical/promotion-journal.ts";
import { readKept, readRecord, writeKept } from "../canonical/store.ts";
import type { Step } from "../command/step.ts";
import { type ActResult, DONE, describeFailure, fail, succeed } from "../core/act.ts";
import type { KeptFiles } from "../core/app.ts";
import type { Canonical } from "../core/canonical.ts";
import { messageOf } from "../fault.ts";
import { ensureFolder, exists } from "../state/files.ts";
import type { Room } from "../state/room.ts";
import {
  endPromotion,
  type GivenUp,
  givenUpEntry,
  type PromotionPaths,
  promotedEntry,
} from "./end-promotion.ts";

/** Everything that a rollback needs, also after a kill, when only the journal is known. */
export interface RollBackRequest extends PromotionPaths {
  /** The warm app. */
  underTest: AppUnderTest;
  rollbackStep: Step;
  /** The space reserved for the journal, in the promotion's own run. */
  room: Room | null;
  /** Removes secrets from notes. */
  redact(text: string): string;
}

/** How a promotion ended. `answered`: a live canonical ran its version and answered before anything was started. */
export type Settled = "not-live" | "untouched" | "answered" | "started";

/**
 * Ends an unfinished promotion: with the old record and data, or, if the record was already replaced, with the new
 * ones. Can be repeated after a kill at any point. The journal goes once a live canonical was seen to answer at its
 * version, over the edge and by the probe of a promotion; if it does not answer, that is noted.
 */
export async function rollBack(
  request: RollBackRequest,
  journal: PromotionJournal,
  givenUp: GivenUp,
): Promise<ActResult<Settled>> {
  const recorded = recordedBy(request, journal);
  if (!recorded.ok) return recorded;
  const settled = await trySettle(request, journal, recorded.value, givenUp);
  if (!settled.ok && isLive(journal, recorded.value))
    sayDown(request, journal, recorded.value, settled.failure);
  return settled;
}

/**
 * The record that the promotion was to write, if it is written: then the promotion counts, and nothing is rolled back.
 * An unreadable record may be that one, so it is a failure.
 */
export function recordedBy(
  { paths }: Pick<RollBackRequest, "paths">,
  journal: PromotionJournal,
): ActResult<Canonical | null> {
  const reading = readRecord(paths, journal.recipe);
  if (reading.state === "unreadable")
    return fail(
      "machinery",
      "rollback",
      `${reading.problem}: whether the promotion of ${journal.recipe} counts cannot be known; nothing is undone`,
    );
  if (reading.state !== "read") return succeed(null);
  const { run, version, commit } = reading.record;
  const isThis = run === journal.run && version === journal.to.version && commit === journal.to.commit;
  return succeed(isThis ? reading.record : null);
}

async function trySettle(
  request: RollBackRequest,
  journal: PromotionJournal,
  recorded: Canonical | null,
  givenUp: GivenUp,
): Promise<ActResult<Settled>> {
  try {
    const settled =
      recorded === null ? await undo(request, journal, givenUp) : await stand(request, recorded);
    if (!settled.ok) return settled;
    if (isLive(journal, recorded) && settled.value !== "untouched") forgetDown(request.paths);
    const entry = recorded === null ? givenUpEntry(journal, givenUp) : promotedEntry(journal, recorded.ts);
    endPromotion(request, entry, request.rollbackStep);
    return settled;
  } catch (error) {
    return fail("machinery", "rollback", messageOf(error));
  }
}

async function undo(
  request: RollBackRequest,
  journal: PromotionJournal,
  { event }: GivenUp,
): Promise<ActResult<Settled>> {
  // A refusal in this run has touched nothing; after a kill that is not known.
  if (event === "refused") return succeed("untouched");
  const { rollbackStep: step } = request;
  if (journal.step !== "settle" && journal.dataBack !== true) {
    step.say(`rolling back the ${journal.kind} of ${journal.to.version} from its step ${journal.step}`);
    const back = await bringDataBack(request, journal);
    if (!back.ok) return back;
    return journal.wasLive ? startAgain(request, journal) : succeed("not-live");
  }
  return journal.wasLive ? standAs(request, oldOf(request, journal)) : succeed("not-live");
}

async function bringDataBack(request: RollBackRequest, journal: PromotionJournal): Promise<ActResult> {
  const { underTest, rollbackStep: step } = request;
  const stopped = await underTest.driver.undeploy(underTest.app, null, step);
  if (!stopped.ok) return stopped;
  const restored = journal.hadData ? await bringBack(request, journal) : await discardSeed(request, journal);
  if (restored.ok && journal.wasLive) noteDataBack(request, journal);
  return restored;
}

// Without this note the next run restores the same data again: harmless, unless it was written to since.
function noteDataBack({ paths, room, rollbackStep }: RollBackRequest, journal: PromotionJournal): void {
  try {
    noteInJournal({ journal, paths, room }, { dataBack: true });
  } catch (error) {
    rollbackStep.warn(messageOf(error));
  }
}

/** The first step that changes data. */
const FIRST_CHANGE = PROMOTION_STEPS.indexOf("clear");

async function bringBack(request: RollBackRequest, journal: PromotionJournal): Promise<ActResult> {
  if (!journal.snapshotComplete || PROMOTION_STEPS.indexOf(journal.step) < FIRST_CHANGE) return DONE;
  const { underTest, paths, rollbackStep: step, snapshot } = request;
  // Without a snapshot, this would restore nothing over the data.
  if (!exists(join(snapshot, "data")))
    return fail("machinery", "rollback", `${snapshot} is gone, which has the old data: restore it`);
  const data = await underTest.driver.restoreSnapshot(underTest.app, join(snapshot, "data"), step);
  if (!data.ok) return data;
  keepAgain(paths.kept, readKept(join(snapshot, "kept")));
  return underTest.driver.removeSecretsExcept(underTest.app, journal, step);
}

// Unchanged files are not written again, which would need space on a full disk.
function keepAgain(folder: string, kept: KeptFiles | null): void {
  if (kept === null || !isSameKept(kept, readKeptIfReadable(folder))) writeKept(folder, kept);
}

function readKeptIfReadable(folder: string): KeptFiles | null {
  try {
    return readKept(folder);
  } catch {
    return null;
  }
}

function isSameKept(one: KeptFiles, other: KeptFiles | null): boolean {
  return (
    other !== null && JSON.stringify([one.env, one.secrets]) === JSON.stringify([other.env, other.secrets])
  );
}

// A failed seed leaves nothing behind, so that the next try starts clean.
async function discardSeed(request: RollBackRequest, journal: PromotionJournal): Promise<ActResult> {
  const { paths } = request;
  if (readRecord(paths, journal.recipe).state !== "absent")
    return fail("refused", "rollback", `${paths.promotion} is of a seed, and ${paths.record} is there`);
  const removed = await request.underTest.driver.remove(request.underTest.app, request.rollbackStep);
  if (removed.ok) writeKept(request.paths.kept, null);
  return removed;
}

async function startAgain(request: RollBackRequest, journal: PromotionJournal): Promise<ActResult<Settled>> {
  const { version, commit } = oldOf(request, journal);
  prepareScratch(request);
  const before = { version, commit, base: null, assertVersion: true, ranBefore: true } as const;
  const running = await deployHealthy(request.underTest, before, request.rollbackStep);
  return running.ok ? succeed("started") : running;
}

async function stand(request: RollBackRequest, recorded: Canonical): Promise<ActResult<Settled>> {
  return recorded.status === "live" ? standAs(request, recorded) : succeed("not-live");
}

// It may already run: somebody brought it up, or an earlier start took longer than its limit.
async function standAs(request: RollBackRequest, wanted: Wanted): Promise<ActResult<Settled>> {
  prepareScratch(request);
  const up = await bringUp(request.underTest, wanted, request.rollbackStep, { ranBefore: true });
  return up.ok ? succeed(SETTLED[up.value]) : up;
}

const SETTLED: Readonly<Record<BroughtUp, Settled>> = { healthy: "answered", "brought-up": "started" };

// A failed deploy left the new version's `.env` in the app's scratch.
function prepareScratch({ underTest, paths }: RollBackRequest): void {
  const scratch = join(underTest.app.scratch, "rollback");
  ensureFolder(scratch, 0o700);
  Object.assign(underTest.app, { scratch, kept: readKept(paths.kept) });
}

function oldOf({ paths }: RollBackRequest, journal: PromotionJournal): Wanted {
  if (journal.from === null) throw new Error(`${paths.promotion} does not say what was live before`);
  const reading = readRecord(paths, journal.recipe);
  const adoptedObjects = reading.state === "read" ? reading.record.adoptedObjects : undefined;
  return { ...journal.from, adoptedObjects };
}

function isLive(journal: PromotionJournal, recorded: Canonical | null): boolean {
  return recorded === null ? journal.wasLive : recorded.status === "live";
}

function sayDown(
  { underTest, paths, redact, rollbackStep, room }: RollBackRequest,
  journal: PromotionJournal,
  recorded: Canonical | null,
  failure: Parameters<typeof describeFailure>[0],
): void {
  const { recipe, run } = { recipe: journal.recipe, run: underTest.app.run };
  const version = recorded?.version ?? journal.from?.version ?? "";
  const problem = redact(
    `the ${journal.kind} to ${journal.to.version} could not be ${recorded === null ? "rolled back" : "settled"}: ${describeFailure(failure)}`,
  );
  try {
    noteDown(paths, { recipe, version, run, problem }, underTest.clock.now(), room);
  } catch (error) {
    rollbackStep.warn(messageOf(error));
  }
}

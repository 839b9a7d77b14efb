import {
  noteInJournal,
  PROMOTION_SCHEMA,
  PROMOTION_STEPS,
  type PromotionStep,
} from "../canonical/promotion-journal.ts";
import { type ActResult, describeFailure, type Failure } from "../core/act.ts";
import type { PromotionReport } from "../core/records/report.ts";
import { messageOf } from "../fault.ts";
import type { Promoting, PromotionRequest } from "./request.ts";
import { recordedBy, rollBack } from "./roll-back.ts";
import { deployTested } from "./steps/deploy.ts";
import { readBack } from "./steps/read-back.ts";
import { recordIt } from "./steps/record.ts";
import { retain } from "./steps/retain.ts";
import { proveData } from "./steps/sentinel.ts";
import { settle } from "./steps/settle.ts";
import { clearData, snapshotData, stopLive } from "./steps/snapshot.ts";

const STEPS: Readonly<Record<PromotionStep, (promoting: Promoting) => Promise<ActResult>>> = {
  settle,
  stop: stopLive,
  snapshot: snapshotData,
  clear: clearData,
  deploy: deployTested,
  "read-back": readBack,
  sentinel: proveData,
  retain,
  record: recordIt,
};

/**
 * Makes a proven release the canonical, as a transaction: each step is written ahead in `promotion.json`, and any
 * failure before the record is replaced ends with the old record and the old data in place. The label is derived not
 * from this result but from the record that is read back afterwards.
 */
export async function promote(request: PromotionRequest): Promise<PromotionReport> {
  const startedMs = request.underTest.clock.now();
  const promoting = begin(request);
  try {
    return await takeSteps(promoting, startedMs);
  } finally {
    promoting.room?.giveBack();
  }
}

async function takeSteps(promoting: Promoting, startedMs: number): Promise<PromotionReport> {
  for (const name of PROMOTION_STEPS) {
    const failure = await takeStep(promoting, name, STEPS[name]);
    if (failure !== null) return undo(promoting, name, failure, startedMs);
  }
  return { ...reportOf(promoting, startedMs), result: "promoted" };
}

function begin(request: PromotionRequest): Promoting {
  const { underTest, before, proven } = request;
  const isAdvance = before !== null && before.status !== "revoked";
  return {
    ...request,
    journal: {
      schema: PROMOTION_SCHEMA,
      run: underTest.app.run,
      recipe: underTest.app.recipe,
      kind: isAdvance ? "advance" : "seed",
      from: isAdvance ? { version: before.version, commit: before.commit } : null,
      to: { version: proven.version, commit: proven.commit },
      step: "settle",
      snapshotComplete: false,
      hadData: before !== null,
      wasLive: before?.status === "live",
      secrets: [],
      configs: [],
      domain: underTest.app.domain,
      lane: underTest.app.lane.name,
      startedAt: new Date(underTest.clock.now()).toISOString(),
    },
    room: null,
    deployed: null,
    sentinel: "none",
    outageFromMs: null,
    notes: [],
  };
}

async function takeStep(
  promoting: Promoting,
  name: PromotionStep,
  act: (promoting: Promoting) => Promise<ActResult>,
): Promise<Failure | null> {
  try {
    noteInJournal(promoting, { step: name });
    promoting.step.say(`promotion: ${name}`);
    const outcome = await act(promoting);
    return outcome.ok ? null : outcome.failure;
  } catch (error) {
    return { cause: "machinery", step: name, message: messageOf(error) };
  }
}

// A failure before anything was touched is a refusal; later ones are rolled back.
async function undo(
  promoting: Promoting,
  name: PromotionStep,
  failure: Failure,
  startedMs: number,
): Promise<PromotionReport> {
  const reason = promoting.redact(describeFailure(failure));
  const recorded = recordedBy(promoting, promoting.journal);
  if (recorded.ok && recorded.value !== null) return finish(promoting, name, reason, startedMs);
  // If a step could not be noted, it was not begun.
  const isRefusal = promoting.journal.step === "settle";
  promoting.rollbackStep.say(`promotion failed at ${name}: ${reason}`);
  if (!isRefusal) await promoting.collectEvidence();
  const event = isRefusal ? "refused" : "rolled-back";
  const rolledBack = await rollBack(promoting, promoting.journal, { ts: timeOf(promoting), event, reason });
  if (!rolledBack.ok)
    promoting.notes.push(
      `the rollback did not end: ${describeFailure(rolledBack.failure)}; the next run takes it up again`,
    );
  return {
    ...reportOf(promoting, startedMs),
    result: isRefusal ? "refused" : "rolled-back",
    step: name,
    reason,
  };
}

// The record is already replaced: only tidying failed, and the next run does it if needed.
async function finish(
  promoting: Promoting,
  name: PromotionStep,
  reason: string,
  startedMs: number,
): Promise<PromotionReport> {
  promoting.notes.push(`after the record was replaced, ${name} failed: ${reason}`);
  const givenUp = { ts: timeOf(promoting), event: "rolled-back", reason } as const;
  const tidied = await rollBack(promoting, promoting.journal, givenUp);
  if (!tidied.ok) promoting.notes.push(describeFailure(tidied.failure));
  return { ...reportOf(promoting, startedMs), result: "promoted" };
}

function timeOf({ underTest }: Promoting): string {
  return new Date(underTest.clock.now()).toISOString();
}

function reportOf(promoting: Promoting, startedMs: number): Omit<PromotionReport, "result"> {
  const { journal, notes, outageFromMs, sentinel } = promoting;
  const now = promoting.underTest.clock.now();
  return {
    kind: journal.kind,
    from: journal.from?.version ?? null,
    to: journal.to.version,
    sentinel,
    ...(outageFromMs === null ? {} : { outageMs: now - outageFromMs }),
    ...(notes.length === 0 ? {} : { notes }),
    durationMs: now - startedMs,
  };
}

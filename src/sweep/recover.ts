import { join } from "node:path";
import { readKept, readRecord } from "../canonical/store.ts";
import { deadlineIn } from "../command/deadline.ts";
import { endMarked } from "../command/process-group.ts";
import type { Step } from "../command/step.ts";
import type { DriverName } from "../driver/driver.ts";
import { describeFailure } from "../driver/outcome.ts";
import { createEvidence, type Evidence } from "../evidence/evidence.ts";
import { Fault, messageOf } from "../fault.ts";
import { isoTime } from "../log.ts";
import { type PromotionJournal, readJournal } from "../promote/journal.ts";
import { rollBack, wasRecorded } from "../promote/roll-back.ts";
import { isThere, listFolder, removeTree } from "../state/files.ts";
import { removeTemporaries } from "../state/tidy.ts";
import { bedOf, warmApp } from "./beds.ts";
import { freeLanes, holdingLanes, refuseTwins } from "./hold-lanes.ts";
import { laneOf } from "./lanes.ts";
import { liveRecipes } from "./live-recipes.ts";
import { driversInUse } from "./load-code.ts";
import { lastingStep, type Run } from "./run.ts";
import { removeSettledSnapshots } from "./settled-snapshots.ts";

const CLEAN_LIMIT_MS = 10 * 60_000;

/**
 * Puts right what a dead run left, before anything else: ends its processes, rolls back the promotion that was
 * under way, removes its cold apps and its scratch. Returns a line for each thing, for the report. What it
 * cannot put right blocks that recipe alone, except where Docker is away.
 */
export async function recover(run: Run): Promise<string[]> {
  const { clock, config, state, progress } = run.context;
  const evidence = createEvidence(join(run.paths.folder, "recovery"), run.redactor, clock);
  const step = lastingStep(run, evidence, "recovery", deadlineIn(clock, "recovery", CLEAN_LIMIT_MS));
  await refuseTwins(run);
  removeTemporaries(state, clock.now());
  const done: string[] = await endDeadCommands(run);
  const pending = listFolder(state.canonicals).filter((recipe) => isThere(state.canonical(recipe).promotion));
  const settle = async () => {
    for (const recipe of pending) done.push(...(await trySettle(run, recipe, evidence)));
  };
  // A rollback may deploy: not beside a test of another state folder.
  await holdingLanes(
    run,
    config.recipes.filter(({ recipe }) => pending.includes(recipe)),
    settle,
  );
  done.push(...removeSettledSnapshots(state));
  done.push(...(await freeLanes(run, step)));
  for (const name of driversInUse(run)) done.push(...(await removeLeftovers(run, name, step)));
  done.push(...evidence.warnings);
  for (const dead of listFolder(join(state.root, "scratch")))
    if (dead !== run.id) removeTree(state.scratch(dead));
  for (const what of done) progress({ kind: "recovering", what });
  for (const text of evidence.warnings) progress({ kind: "note", text });
  if (done.length > 0) run.note("recovered", { done });
  return done;
}

// Commands of a dead run: they carry its id. Apps of live canonicals carry it too, and stay.
async function endDeadCommands(run: Run): Promise<string[]> {
  const { state } = run.context;
  const dead = new Set(listFolder(state.runs).filter((id) => id !== run.id));
  const live = new Set(liveRecipes(run.context));
  const ended = await endMarked((environment) => {
    const value = (name: string) =>
      environment.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
    if (!dead.has(value("SWEEP_RUN") ?? "")) return false;
    return !(value("SWEEP_INSTANCE") === "warm" && live.has(value("SWEEP_RECIPE") ?? ""));
  });
  return ended.length === 0 ? [] : [`ended ${ended.length} processes of dead runs: ${ended.join(", ")}`];
}

// What cannot be settled keeps its journal, which blocks that recipe alone.
async function trySettle(run: Run, recipe: string, evidence: Evidence): Promise<string[]> {
  try {
    return await settlePromotion(run, recipe, evidence);
  } catch (error) {
    return [`the promotion of ${recipe} cannot be settled: ${messageOf(error)}`];
  }
}

async function settlePromotion(run: Run, recipe: string, evidence: Evidence): Promise<string[]> {
  const { context } = run;
  const paths = context.state.canonical(recipe);
  const reading = readJournal(paths, recipe);
  if (reading.state === "absent") return [];
  if (reading.state === "unreadable")
    return [`${reading.problem}: the promotion of ${recipe} cannot be settled`];
  const journal = reading.value;
  const config = context.config.recipes.find((entry) => entry.recipe === recipe);
  if (config === undefined)
    return [`${recipe} is configured no more: its promotion to ${journal.to.version} cannot be rolled back`];
  const record = readRecord(paths, recipe);
  if (record.state === "unreadable")
    return [
      `${record.problem}: whether the promotion of ${recipe} counts cannot be known; nothing is undone`,
    ];
  const recorded = wasRecorded({ paths }, journal);
  const app = warmApp(run, config, laneOf(run.context.config, journal.lane), readKept(paths.kept));
  const limit = deadlineIn(context.clock, "timeouts.promote (rollback)", config.timeouts.promote);
  const rollbackStep = lastingStep(run, evidence, `rollback-${recipe}`, limit);
  const bed = await bedOf(run, config, app);
  const outcome = await rollBack(
    { bed, paths, snapshot: context.state.snapshot(recipe), rollbackStep },
    journal,
    {
      ts: isoTime(context.clock),
      event: "rolled-back",
      reason: `the run ended at the step ${journal.step}`,
    },
  );
  if (!outcome.ok) return [`${recipe}: the rollback did not end: ${describeFailure(outcome.failure)}`];
  return [settledLine(journal, recorded)];
}

function settledLine(journal: PromotionJournal, recorded: boolean): string {
  const what = `${journal.recipe}: the ${journal.kind} of ${journal.to.version} by run ${journal.run}`;
  return recorded
    ? `${what} was recorded; what it had left was removed`
    : `${what} was rolled back from its step ${journal.step}`;
}

async function removeLeftovers(run: Run, name: DriverName, step: Step): Promise<string[]> {
  const driver = await run.driver(name);
  const removed: string[] = [];
  for (const lane of run.context.config.lanes) {
    const outcome = await driver.removeLeftovers(lane, run.owner, liveRecipes(run.context), step);
    if (!outcome.ok)
      throw new Fault(
        "machinery",
        `what dead runs left on the lane ${lane.name} cannot be removed: ${outcome.failure.message}`,
        "nothing is tested beside it: see that the lane's Docker answers, then start again",
      );
    removed.push(...outcome.value.map((line) => `removed ${line}`));
  }
  return removed;
}

import { join } from "node:path";
import { deadlineIn } from "../command/deadline.ts";
import { endMarked } from "../command/process-group.ts";
import type { Step } from "../command/step.ts";
import type { DriverName } from "../core/driver-traits.ts";
import { createEvidence } from "../evidence/evidence.ts";
import { Fault } from "../fault.ts";
import { listFolder, removeTree } from "../state/files.ts";
import { removeTemporaries } from "../state/trees/tidy.ts";
import { freeLanes, refuseTwins } from "./hold-lanes.ts";
import { liveRecipes } from "./live-recipes.ts";
import { driversInUse } from "./load-code.ts";
import type { RollRow } from "./roll-one.ts";
import { lastingStep, type Run } from "./run.ts";
import { bringUpAgain, settlePromotions, type Unsettled } from "./settle-promotions.ts";
import { removeSettledSnapshots } from "./settled-snapshots.ts";

const CLEAN_LIMIT_MS = 10 * 60_000;

/** What became of what a dead run left. */
export interface Recovered {
  /** A line for each thing that was put right. */
  done: string[];
  /** Promotions that are not settled, whose journals stay, and live canonicals that stay down: the next run tries again. */
  unsettled: Unsettled[];
  /** The live canonicals that were known to be down, and what came of bringing them up. */
  rolled: RollRow[];
}

/**
 * Puts right what a dead run left, before anything else: ends its processes, rolls back the promotion that was
 * under way, removes its cold apps and its scratch. What it cannot put right blocks that recipe alone, except where
 * Docker is away.
 */
export async function recover(run: Run): Promise<Recovered> {
  const { clock, state, progress } = run.context;
  const evidence = createEvidence(join(run.paths.folder, "recovery"), run.redactor, clock);
  const step = lastingStep(run, evidence, "recovery", deadlineIn(clock, "recovery", CLEAN_LIMIT_MS));
  await refuseTwins(run);
  removeTemporaries(state, clock.now());
  const done: string[] = await endDeadCommands(run);
  const { settled, unsettled } = await settlePromotions(run, evidence);
  done.push(...settled);
  done.push(...removeSettledSnapshots(state));
  done.push(...(await freeLanes(run, step)));
  for (const name of driversInUse(run)) done.push(...(await removeLeftovers(run, name, step)));
  const again = await bringUpAgain(run);
  done.push(...again.settled);
  unsettled.push(...again.unsettled);
  done.push(...evidence.warnings);
  for (const dead of listFolder(join(state.root, "scratch")))
    if (dead !== run.id) removeTree(state.scratch(dead));
  for (const what of done) progress({ kind: "recovering", what });
  for (const { problem, recipe } of unsettled) progress({ kind: "note", text: `${recipe}: ${problem}` });
  for (const text of evidence.warnings) progress({ kind: "note", text });
  if (done.length + unsettled.length > 0) run.note("recovered", { done, unsettled });
  return { done, unsettled, rolled: again.rows };
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

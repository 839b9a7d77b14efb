import { join } from "node:path";
import { deadlineIn } from "../command/deadline.ts";
import type { Step } from "../command/step.ts";
import type { RecipeConfig } from "../config/config.ts";
import type { Lane } from "../core/app.ts";
import { TRAITS } from "../core/driver-traits.ts";
import { ActFailed } from "../docker/failure.ts";
import { createEvidence } from "../evidence/evidence.ts";
import { Fault } from "../fault.ts";
import { acquireLease, dropLeaseOf, type Lease, refuseTwin } from "../lane/lease.ts";
import { quietStep } from "./ask-upstream.ts";
import { dockerOfLane } from "./lane-docker.ts";
import { lastingStep, type Run } from "./run.ts";

const LIMIT_MS = 30_000;

/**
 * Holds the lanes while `work` deploys on them, so that two state folders never test on one swarm at a time.
 * Throws a Fault that names the other's run, or that Docker is away. Apps that run on no swarm lie in the state
 * folder, which is locked already.
 */
export async function holdingLanes<T>(
  run: Run,
  recipes: readonly RecipeConfig[],
  work: () => Promise<T>,
): Promise<T> {
  const letGo = await holdLanes(run, recipes);
  try {
    return await work();
  } finally {
    await letGo();
  }
}

/** Throws a Fault where a run of a copy of this state folder is at work: what it has made carries our id. */
export async function refuseTwins(run: Run): Promise<void> {
  if (!needLanes(run.context.config.recipes)) return;
  const step = quietStep(run.context, deadlineIn(run.context.clock, "lease", LIMIT_MS));
  for (const lane of run.context.config.lanes)
    await onLane(lane, refuseTwin(dockerOfLane(run.context, lane), run.owner, step));
}

/** Lets go of the lanes that a dead run of this state folder still holds; returns a line for each. */
export async function freeLanes(run: Run, step: Step): Promise<string[]> {
  const { config } = run.context;
  if (!needLanes(config.recipes)) return [];
  const freed: string[] = [];
  for (const lane of config.lanes)
    if (await onLane(lane, dropLeaseOf(dockerOfLane(run.context, lane), run.owner, step)))
      freed.push(`let go of the lane ${lane.name}, which a dead run held`);
  return freed;
}

function needLanes(recipes: readonly RecipeConfig[]): boolean {
  return recipes.some(({ driver }) => TRAITS[driver].onSwarm);
}

async function holdLanes(run: Run, recipes: readonly RecipeConfig[]): Promise<() => Promise<void>> {
  if (!needLanes(recipes)) return async () => {};
  const { clock, config } = run.context;
  const evidence = createEvidence(join(run.paths.folder, "lanes"), run.redactor, clock);
  const step = () => lastingStep(run, evidence, "lease", deadlineIn(clock, "lease", LIMIT_MS));
  const held: Lease[] = [];
  const letGo = async () => {
    for (const lease of held.splice(0)) await release(run, lease, step());
  };
  try {
    const holder = { owner: run.owner, run: run.id, pid: process.pid };
    for (const lane of config.lanes)
      held.push(await onLane(lane, acquireLease(dockerOfLane(run.context, lane), holder, step())));
    return letGo;
  } catch (error) {
    await letGo();
    throw error;
  }
}

// What was done is done, and must be told: a lane that stays held is let go by the next run.
async function release(run: Run, lease: Lease, step: Step): Promise<void> {
  try {
    await lease.release(step);
  } catch (error) {
    if (!(error instanceof ActFailed)) throw error;
    const text = `a lane stays held until the next run: ${error.failure.message}`;
    run.context.progress({ kind: "note", text });
  }
}

/** What is done on a lane; where its Docker is at fault, the fault names the lane. */
async function onLane<T>(lane: Lane, act: Promise<T>): Promise<T> {
  try {
    return await act;
  } catch (error) {
    if (!(error instanceof ActFailed)) throw error;
    const context = lane.context === "default" ? "" : `--context ${lane.context} `;
    throw new Fault(
      "machinery",
      `the lane ${lane.name} cannot be held: ${error.failure.message}`,
      `see that Docker runs and is a swarm manager: \`docker ${context}info\``,
    );
  }
}

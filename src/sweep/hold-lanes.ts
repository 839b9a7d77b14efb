import { join } from "node:path";
import { deadlineIn } from "../command/deadline.ts";
import type { RecipeConfig } from "../config/config.ts";
import { ActFailed } from "../docker/failure.ts";
import { createEvidence } from "../evidence/evidence.ts";
import { Fault } from "../fault.ts";
import { acquireLease } from "../lane/lease.ts";
import { dockerOfLane } from "./lane-docker.ts";
import { lastingStep, type Run } from "./run.ts";

const LIMIT_MS = 30_000;

/**
 * Holds the lanes while `work` deploys on them, so that two state folders never test on one swarm at a time.
 * Throws a Fault that names the other's run, or that Docker is away. The command driver's lane is the state
 * folder's own, which is locked already.
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

async function holdLanes(run: Run, recipes: readonly RecipeConfig[]): Promise<() => Promise<void>> {
  if (recipes.every((recipe) => recipe.driver === "command")) return async () => {};
  const { clock, config } = run.context;
  const evidence = createEvidence(join(run.paths.folder, "lanes"), run.redactor, clock);
  const step = () => lastingStep(run, evidence, "lease", deadlineIn(clock, "lease", LIMIT_MS));
  const held: Awaited<ReturnType<typeof acquireLease>>[] = [];
  const letGo = async () => {
    for (const lease of held.splice(0)) await lease.release(step());
  };
  try {
    for (const lane of config.lanes)
      held.push(
        await acquireLease(
          dockerOfLane(run.context, lane),
          { owner: run.owner, run: run.id, pid: process.pid },
          step(),
        ),
      );
    return letGo;
  } catch (error) {
    await letGo();
    throw error instanceof ActFailed ? dockerAway(error) : error;
  }
}

function dockerAway(error: ActFailed): Fault {
  return new Fault(
    "machinery",
    `the lane cannot be held: ${error.failure.message}`,
    "see that Docker runs and is a swarm manager: `docker info`",
  );
}

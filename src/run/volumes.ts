import { deadlineIn } from "../command/deadline.ts";
import type { RecipeConfig } from "../config/config.ts";
import { TRAITS } from "../core/driver-traits.ts";
import { stackName } from "../core/stack-name.ts";
import { ActFailed } from "../docker/failure.ts";
import { OWN, STACK_NAMESPACE } from "../docker/labels.ts";
import { listObjects } from "../docker/objects.ts";
import { Fault } from "../fault.ts";
import { existingStateId } from "../state/state-id.ts";
import { quietStep } from "./ask-upstream.ts";
import type { Context } from "./context.ts";
import { dockerOfLane } from "./lane-docker.ts";

const LIMIT_MS = 30_000;

/** The volumes of warm apps that a swarm holds, by the recipe and by the stack; asked once for all recipes. */
export interface SwarmVolumes {
  of(recipe: RecipeConfig): Promise<string[]>;
}

/**
 * Looks for data of canonicals on the lanes' swarms, for recipes whose data lies in volumes. The swarm is asked
 * once, at the first recipe that needs the answer. Throws a Fault where Docker gives none.
 */
export function createSwarmVolumes(context: Context): SwarmVolumes {
  let asked: Promise<Map<string, string[]>> | null = null;
  return {
    of: async (recipe) => {
      if (TRAITS[recipe.driver].dataIs === "folder") return [];
      asked ??= askLanes(context);
      return (await asked).get(stackName(recipe.domain)) ?? [];
    },
  };
}

async function askLanes(context: Context): Promise<Map<string, string[]>> {
  const byStack = new Map<string, string[]>();
  const ours = await ownStacks(context);
  try {
    for (const lane of context.config.lanes) {
      const step = quietStep(context, deadlineIn(context.clock, "docker", LIMIT_MS));
      for (const volume of await listObjects(
        dockerOfLane(context, lane),
        "volume",
        [`label=${STACK_NAMESPACE}`],
        step,
      )) {
        const stack = volume.labels[STACK_NAMESPACE] ?? "";
        if (ours(volume.labels[OWN.state], stack))
          byStack.set(stack, [...(byStack.get(stack) ?? []), volume.name]);
      }
    }
  } catch (error) {
    if (!(error instanceof ActFailed)) throw error;
    throw new Fault(
      "machinery",
      error.failure.message,
      "see that Docker runs and is a swarm manager: `docker info`",
    );
  }
  return byStack;
}

// abra's objects carry no label of ours: there the ledger says whose a stack is.
async function ownStacks(context: Context): Promise<(owner: string | undefined, stack: string) => boolean> {
  const owner = existingStateId(context.state.id);
  if (owner === null) return () => false;
  const { listEntries } = await import("../driver/ledger.ts");
  const entries = context.config.lanes.flatMap((lane) => listEntries(context.state.root, lane.name, owner));
  const warm = new Set(entries.filter((entry) => entry.instance === "warm").map((entry) => entry.stack));
  return (label, stack) => label === owner || warm.has(stack);
}

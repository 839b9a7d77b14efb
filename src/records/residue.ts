import { join } from "node:path";
import { readJournal } from "../canonical/promotion-journal.ts";
import { deadlineIn } from "../command/deadline.ts";
import { Fault } from "../fault.ts";
import { quietStep } from "../run/ask-upstream.ts";
import type { Context } from "../run/context.ts";
import { createDrivers } from "../run/drivers.ts";
import { liveRecipes, settledSnapshots } from "../run/recover.ts";
import { listFolder } from "../state/files.ts";
import { existingStateId } from "../state/state-id.ts";

const LIMIT_MS = 60_000;

/** The things that `clean` would put right; only looks. */
export async function findResidue(context: Context): Promise<string[]> {
  const { state } = context;
  const promotions = listFolder(state.canonicals).filter(
    (recipe) => readJournal(state.canonical(recipe), recipe).state !== "absent",
  );
  const scratch = listFolder(join(state.root, "scratch"));
  return [
    ...promotions.map((recipe) => `a promotion of ${recipe} that was not settled`),
    ...settledSnapshots(state).map((recipe) => `the snapshot of ${recipe}, whose promotion is settled`),
    ...(await leftovers(context)),
    ...scratch.map((run) => `the scratch of run ${run}`),
  ];
}

async function leftovers(context: Context): Promise<string[]> {
  const { config, clock, state } = context;
  const owner = existingStateId(state.id);
  if (owner === null) return [];
  const driverOf = createDrivers(context, (name) => join(config.folder, "recipes", name));
  const live = liveRecipes(context);
  const found: string[] = [];
  for (const name of new Set(config.recipes.map((recipe) => recipe.driver))) {
    const driver = await driverOf(name);
    for (const lane of config.lanes) {
      const step = quietStep(context, deadlineIn(clock, "look", LIMIT_MS));
      const outcome = await driver.findLeftovers(lane, owner, live, step);
      if (!outcome.ok)
        throw new Fault(
          "machinery",
          outcome.failure.message,
          "see that the lane's Docker answers: `docker info`",
        );
      found.push(...outcome.value);
    }
  }
  return [...new Set(found)];
}

import { readRecord } from "../canonical/store.ts";
import type { RecipeConfig } from "../config/config.ts";
import { provenRecord, type RecordReading } from "../core/canonical.ts";
import type { Hold, MirrorFacts, RecipeFacts, RequiredProvider } from "../core/decision/facts.ts";
import { type Exceptions, holdInForce } from "../exceptions/store.ts";
import { exists, listFolder } from "../state/files.ts";
import type { Context } from "./context.ts";

export interface FactsOptions {
  /** Asked by the run that holds the lock: a promotion that is still under way then could not be settled. */
  insideRun: boolean;
  mirror: MirrorFacts;
  exceptions: Exceptions;
  /** Why a live provider cannot be used now; null when it can. Not asked where nothing may be asked. */
  liveProblem(recipe: RecipeConfig): Promise<string | null>;
  /** Volumes of the recipe's canonical on its swarm, where they can be asked for. */
  volumes(recipe: RecipeConfig): Promise<string[]>;
}

/** Everything that `sweepDecision` may know of a recipe, read from the disk and from what was asked. */
export async function gatherFacts(
  context: Context,
  recipe: RecipeConfig,
  options: FactsOptions,
): Promise<RecipeFacts> {
  return {
    recipe: recipe.recipe,
    hold: holdOf(context, options.exceptions),
    mirror: options.mirror,
    record: await recordOf(context, recipe, options),
    broken: recipe.broken,
    requires: await Promise.all(recipe.requires.map((entry) => providerFacts(context, entry, options))),
  };
}

function holdOf(context: Context, exceptions: Exceptions): Hold | null {
  if (exceptions.state !== "read") return null;
  return holdInForce(exceptions.value, context.clock.now(), context.config.timezone);
}

// An exception that cannot be read might be a hold: the recipe is blocked rather than tested against a wish.
async function recordOf(
  context: Context,
  recipe: RecipeConfig,
  options: FactsOptions,
): Promise<RecordReading> {
  if (options.exceptions.state === "unreadable") return options.exceptions;
  const paths = context.state.canonical(recipe.recipe);
  const reading = readRecord(paths, recipe.recipe);
  if (exists(paths.promotion)) return options.insideRun ? unsettled(paths.promotion) : reading;
  if (reading.state !== "absent") return reading;
  const volumes = [...dataWithoutRecord(context, recipe), ...(await options.volumes(recipe))];
  return volumes.length === 0 ? reading : { state: "orphaned", volumes };
}

function unsettled(promotion: string): RecordReading {
  return {
    state: "unreadable",
    problem: `${promotion}: a promotion could not be rolled back (see the run's recovery log)`,
  };
}

function dataWithoutRecord(context: Context, recipe: RecipeConfig): string[] {
  const folder = context.state.data(recipe.recipe);
  return listFolder(folder).length === 0 ? [] : [folder];
}

async function providerFacts(
  context: Context,
  requirement: RecipeConfig["requires"][number],
  options: FactsOptions,
): Promise<RequiredProvider> {
  const { recipe: name, mode } = requirement;
  const provider = context.config.recipes.find((entry) => entry.recipe === name);
  if (provider === undefined) return { recipe: name, mode, problem: "it is not configured" };
  const record = provenRecord(readRecord(context.state.canonical(name), name));
  if (record === null) return { recipe: name, mode, problem: "it has no canonical" };
  if (mode === "ephemeral") return { recipe: name, mode, problem: null };
  if (record.status !== "live") return { recipe: name, mode, problem: "its canonical is not live" };
  return { recipe: name, mode, problem: await options.liveProblem(provider), isDown: true };
}

import { readJournal } from "../../canonical/promotion-journal.ts";
import { keptProblem, readRecord } from "../../canonical/store.ts";
import type { RecipeConfig } from "../../config/config.ts";
import { provenRecord, type RecordReading } from "../../core/canonical.ts";
import type { Hold, MirrorFacts, RecipeFacts, RequiredProvider } from "../../core/decision/facts.ts";
import { type Exceptions, holdInForce } from "../../exceptions/store.ts";
import { messageOf } from "../../fault.ts";
import type { Context } from "../../run/context.ts";
import { isThere, listFolder } from "../../state/files.ts";
import type { CanonicalPaths } from "../../state/paths.ts";

export interface FactsOptions {
  /** Asked by the run that holds the lock: a promotion still under way could then not be settled. */
  insideRun: boolean;
  mirror: MirrorFacts;
  exceptions: Exceptions;
  /** Why a live provider cannot be used now; null if it can. Not called if nothing may be asked. */
  liveProblem(recipe: RecipeConfig): Promise<string | null>;
  /** Volumes of the recipe's canonical on its swarm, if they can be asked for. */
  volumes(recipe: RecipeConfig): Promise<string[]>;
}

/** All facts for `sweepDecision` about a recipe, from the disk and from the answers. */
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

// An unreadable exception might be a hold: the recipe is blocked rather than tested against a wish.
async function recordOf(
  context: Context,
  recipe: RecipeConfig,
  options: FactsOptions,
): Promise<RecordReading> {
  if (options.exceptions.state === "unreadable") return options.exceptions;
  const paths = context.state.canonical(recipe.recipe);
  const reading = readRecord(paths, recipe.recipe);
  if (isThere(paths.promotion)) return unsettled(paths, recipe.recipe, options.insideRun) ?? reading;
  if (reading.state === "read") return withKept(reading, paths);
  if (reading.state !== "absent") return reading;
  const volumes = [...dataWithoutRecord(context, recipe), ...(await options.volumes(recipe))];
  return volumes.length === 0 ? reading : { state: "orphaned", volumes };
}

// While a run is at work, a promotion may be under way; an unreadable one blocks everybody.
function unsettled(paths: CanonicalPaths, recipe: string, insideRun: boolean): RecordReading | null {
  const journal = readJournal(paths, recipe);
  if (journal.state === "unreadable") return journal;
  if (!insideRun) return null;
  return {
    state: "unreadable",
    problem: `${paths.promotion}: a promotion could not be rolled back (see the run's recovery log)`,
  };
}

// A canonical with unreadable secrets could not be started again: this is found before the test, not after.
function withKept(reading: RecordReading, paths: CanonicalPaths): RecordReading {
  const problem = keptProblem(paths.kept);
  return problem === null ? reading : { state: "unreadable", problem };
}

function dataWithoutRecord(context: Context, recipe: RecipeConfig): string[] {
  const folder = context.state.data(recipe.recipe);
  try {
    return listFolder(folder).length === 0 ? [] : [folder];
  } catch (error) {
    return [`${folder} (${messageOf(error)})`];
  }
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
  // An unproven version may be answering there.
  if (options.insideRun && isThere(context.state.canonical(name).promotion))
    return { recipe: name, mode, problem: "its promotion is not settled", isDown: true };
  return { recipe: name, mode, problem: await options.liveProblem(provider), isDown: true };
}

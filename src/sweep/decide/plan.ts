import type { RecipeConfig } from "../../config/config.ts";
import type { Decision } from "../../core/decision/decision.ts";
import type { MirrorFacts, RecipeFacts } from "../../core/decision/facts.ts";
import { sweepDecision } from "../../core/decision/sweep-decision.ts";
import { hollowReasons } from "../../core/label/honesty.ts";
import { sideBySide } from "../../core/side-by-side.ts";
import { readExceptions } from "../../exceptions/store.ts";
import { ASKED_AT_A_TIME, askRecipe, cachedAnswer } from "../../run/ask-upstream.ts";
import type { Context } from "../../run/context.ts";
import { lockHolder } from "../../run/lock.ts";
import { createRunHistory, hollowFacts } from "../../run/run-history.ts";
import { createSwarmVolumes, type SwarmVolumes } from "../../run/volumes.ts";
import { gatherFacts } from "./gather-facts.ts";
import { liveProblem } from "./live-problem.ts";

export interface PlanRow {
  decision: Decision;
  /** When upstream gave the answer behind the decision (ISO 8601); null if it gave none. */
  askedAt: string | null;
}

/** The decision table: the acts of the next sweep. */
export interface Plan {
  rows: PlanRow[];
  notEnrolled: { recipe: string; reason: string }[];
  /** Empty if the configuration is believed. */
  hollowReasons: string[];
  /** Remarks for the reader about how it was made. */
  notes: string[];
}

/**
 * Makes the decision table and changes only the mirror cache; without `sync` not even that, without any network. While
 * a run holds the lock it uses cached answers.
 */
export async function makePlan(
  context: Context,
  options: { recipes: readonly string[]; sync: boolean },
): Promise<Plan> {
  const { config } = context;
  const wanted = config.recipes.filter(
    (recipe) => recipe.enrolled && (options.recipes.length === 0 || options.recipes.includes(recipe.recipe)),
  );
  const holder = options.sync ? await lockHolder(context) : null;
  const sync = options.sync && holder === null;
  const volumes = createSwarmVolumes(context);
  const decided = await sideBySide(wanted, ASKED_AT_A_TIME, async (recipe) => {
    const mirror = sync ? await askRecipe(context, recipe) : cachedAnswer(context, recipe);
    const facts = await factsFor(context, recipe, mirror, sync ? volumes : null);
    return { decision: sweepDecision(facts), askedAt: mirror.state === "synced" ? mirror.askedAt : null };
  });
  return {
    rows: decided,
    notEnrolled: notEnrolled(context),
    hollowReasons:
      options.recipes.length > 0
        ? []
        : hollowReasons(hollowFacts(config, createRunHistory(context.state, null)), []),
    notes: notesOf(holder, options.sync),
  };
}

/** Configured recipes that are not enrolled, with the reason. */
export function notEnrolled({ config }: Context): { recipe: string; reason: string }[] {
  const declined = config.recipes
    .filter((recipe) => !recipe.enrolled)
    .map((recipe) => ({ recipe: recipe.recipe, reason: recipe.reason ?? "no reason given" }));
  return [...declined, ...config.withoutFile.map((recipe) => ({ recipe, reason: "no recipe.yaml" }))];
}

/** The facts of one recipe for a look; without `volumes` no swarm and no provider is asked. */
export function factsFor(
  context: Context,
  recipe: RecipeConfig,
  mirror: MirrorFacts,
  volumes: SwarmVolumes | null,
): Promise<RecipeFacts> {
  return gatherFacts(context, recipe, {
    insideRun: false,
    exceptions: readExceptions(context.state, recipe.recipe),
    mirror,
    liveProblem: async (provider) => (volumes === null ? null : liveProblem(context, provider)),
    volumes: async (of) => (volumes === null ? [] : volumes.of(of)),
  });
}

function notesOf(holder: Awaited<ReturnType<typeof lockHolder>>, sync: boolean): string[] {
  if (!sync) return ["upstream was not asked: cached facts may be old"];
  if (holder === null) return [];
  const who = holder === "unknown" ? "another run" : `run ${holder.run} (\`${holder.command}\`)`;
  return [`${who} is at work: cached facts are shown`];
}

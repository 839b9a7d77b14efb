import type { RecipeConfig } from "../../config/config.ts";
import type { Decision } from "../../core/decision/decision.ts";
import type { MirrorFacts } from "../../core/decision/facts.ts";
import { sweepDecision } from "../../core/decision/sweep-decision.ts";
import { sideBySide } from "../../core/side-by-side.ts";
import { ASKED_AT_A_TIME } from "../../run/ask-upstream.ts";
import type { Run } from "../../run/run.ts";
import { createSwarmVolumes } from "../../run/volumes.ts";
import type { SyncedRecipe } from "../sync/sync-recipes.ts";
import { gatherFacts } from "./gather-facts.ts";
import { liveProblem } from "./live-problem.ts";

export interface DecidedRecipe extends SyncedRecipe {
  decision: Decision;
}

/** Decides for every recipe, and writes the decisions down before the first deploy. */
export async function decideAll(run: Run, synced: readonly SyncedRecipe[]): Promise<DecidedRecipe[]> {
  const volumes = createSwarmVolumes(run.context);
  const decided = await sideBySide(synced, ASKED_AT_A_TIME, async (entry) => ({
    ...entry,
    decision: await decide(run, entry.recipe, entry.mirror, volumes),
  }));
  const decisions = decided.map(({ decision }) => decision);
  run.noteAll(
    "decided",
    decisions.map(({ recipe, action, reason, detail, latest }) => {
      return { recipe, action, reason, detail, latest: latest?.version ?? null };
    }),
  );
  for (const { recipe, action, reason, detail } of decisions)
    run.context.progress({ kind: "decided", recipe, action, reason, detail });
  return decided;
}

/** One decision from the facts as they are now: asked again when a recipe's turn comes. */
export async function decide(
  run: Run,
  recipe: RecipeConfig,
  mirror: MirrorFacts,
  volumes = createSwarmVolumes(run.context),
): Promise<Decision> {
  const { context } = run;
  const facts = await gatherFacts(context, recipe, {
    insideRun: true,
    exceptions: run.exceptions(recipe.recipe),
    mirror,
    liveProblem: (provider) => liveProblem(context, provider),
    volumes: volumes.of,
  });
  return sweepDecision(facts);
}

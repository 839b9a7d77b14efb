import type { RecordReading } from "../../core/canonical.ts";
import type { Decision } from "../../core/decision/decision.ts";
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
  /** The record behind it, which also gives the lane. */
  record: RecordReading;
}

/** Decides for every recipe, and notes the decisions before the first deploy. */
export async function decideAll(run: Run, synced: readonly SyncedRecipe[]): Promise<DecidedRecipe[]> {
  const volumes = createSwarmVolumes(run.context);
  const decided = await sideBySide(synced, ASKED_AT_A_TIME, (entry) => decide(run, entry, volumes));
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

/** One decision from the current facts: asked again when a recipe's turn comes. */
export async function decide(
  run: Run,
  synced: SyncedRecipe,
  volumes = createSwarmVolumes(run.context),
): Promise<DecidedRecipe> {
  const { context } = run;
  const { mirror, recipe } = synced;
  const facts = await gatherFacts(context, recipe, {
    insideRun: true,
    exceptions: run.exceptions(recipe.recipe),
    mirror,
    liveProblem: (provider) => liveProblem(context, provider),
    volumes: volumes.of,
  });
  return { ...synced, decision: sweepDecision(facts), record: facts.record };
}

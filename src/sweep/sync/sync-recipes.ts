import { join } from "node:path";
import { deadlineIn } from "../../command/deadline.ts";
import type { RecipeConfig } from "../../config/config.ts";
import type { MirrorFacts } from "../../core/decision/facts.ts";
import { sideBySide } from "../../core/side-by-side.ts";
import { createEvidence } from "../../evidence/evidence.ts";
import { messageOf } from "../../fault.ts";
import { isoTime } from "../../log.ts";
import { askUpstream } from "../../mirror/ask.ts";
import { syncMirror } from "../../mirror/sync.ts";
import { ASKED_AT_A_TIME, gitEnvironment, keepAnswer } from "../../run/ask-upstream.ts";
import { type Run, stepOf } from "../../run/run.ts";

/** The network commands of a sync together have this many times `timeouts.git`. */
const COMMANDS_OF_A_SYNC = 6;

/** The mirror of a recipe after its sync, with notes for the operator. */
export interface SyncedRecipe {
  recipe: RecipeConfig;
  mirror: MirrorFacts;
  notes: string[];
}

/** Brings the mirrors of all these recipes up to date, side by side. A mirror not proven fresh is failed. */
export async function syncRecipes(run: Run, recipes: readonly RecipeConfig[]): Promise<SyncedRecipe[]> {
  const { progress } = run.context;
  progress({ kind: "syncing", recipes: recipes.length });
  let done = 0;
  return sideBySide(recipes, ASKED_AT_A_TIME, async (recipe) => {
    const synced = await syncRecipe(run, recipe);
    done += 1;
    const problem = synced.mirror.state === "failed" ? synced.mirror.problem : null;
    progress({ kind: "synced", recipe: recipe.recipe, problem, done, of: recipes.length });
    return synced;
  });
}

async function syncRecipe(run: Run, recipe: RecipeConfig): Promise<SyncedRecipe> {
  const { clock, state, tools } = run.context;
  const evidence = createEvidence(join(run.paths.folder, "sync", recipe.recipe), run.redactor, clock);
  const limit = deadlineIn(clock, "timeouts.git", recipe.timeouts.git * COMMANDS_OF_A_SYNC);
  const step = stepOf(run, evidence, "sync", limit);
  const failed = (problem: string): SyncedRecipe => ({
    recipe,
    mirror: { state: "failed", problem },
    notes: evidence.warnings,
  });
  try {
    const environment = gitEnvironment(run.context, recipe);
    const answer = await askUpstream(recipe.upstream, tools, environment, step);
    if (!answer.ok) return failed(answer.failure.message);
    const request = {
      recipe: recipe.recipe,
      upstream: recipe.upstream,
      mirror: recipe.mirror,
      state,
      environment,
    };
    const synced = await syncMirror(request, answer.value, tools, step);
    if (synced.state === "failed") return failed(synced.problem);
    const askedAt = isoTime(clock);
    keepAnswer(run.context, recipe, { askedAt, refs: synced.refs }, step.warn);
    const notes = new Set([...evidence.warnings, ...synced.notes, ...synced.closed.map(closedNote)]);
    return { recipe, mirror: { state: "synced", tags: synced.refs.tags, askedAt }, notes: [...notes] };
  } catch (error) {
    return failed(messageOf(error));
  }
}

function closedNote(pull: { number: number; title: string }): string {
  return `closed pull request #${pull.number} of the mirror, which would have changed nothing: ${pull.title}`;
}

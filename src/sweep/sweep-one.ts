import type { LaneConfig } from "../config/config.ts";
import type { RecipeReport } from "../core/records/report.ts";
import { evidenceOf, type Run } from "../run/run.ts";
import { writeBriefOf } from "./brief/write-brief.ts";
import type { DecidedRecipe } from "./decide/decide-all.ts";
import { acknowledgedOf } from "./label/rows-without-test.ts";
import { sweepRecipe } from "./sweep-recipe.ts";

/** Tests the latest release of one recipe in a sweep, with all that is told and written about it. */
export async function sweepOne(
  run: Run,
  entry: DecidedRecipe,
  lane: LaneConfig,
  retryOf: string | null,
): Promise<RecipeReport> {
  const { decision, mirror, recipe } = entry;
  if (decision.latest === null || mirror.state !== "synced")
    throw new Error(`${recipe.recipe} has nothing to test`);
  const evidence = evidenceOf(run, recipe.recipe);
  evidence.warnings.push(...entry.notes);
  tellStart(run, recipe.recipe, decision.latest.version);
  const { row, tested } = await sweepRecipe(
    run,
    {
      recipe,
      lane,
      decision,
      target: { ...decision.latest, isRelease: true },
      tags: mirror.tags,
      wanted: [],
      copyOf: null,
      keep: false,
      acceptMovedTag: false,
      ruledOutBy: null,
      retryOf,
      acknowledged: acknowledgedOf(run, recipe.recipe),
    },
    evidence,
  );
  return tellEnd(run, await writeBriefOf(run, row, evidence, tested));
}

/** Says that a recipe's test begins, and how long it took before. */
export function tellStart(run: Run, recipe: string, version: string): void {
  run.note("started", { recipe, version });
  run.context.progress({ kind: "started", recipe, version, expectedMs: run.history.expectedMs(recipe) });
}

/** Says how a recipe's test ended, and returns its row. */
export function tellEnd(run: Run, row: RecipeReport): RecipeReport {
  const { recipe, label, detail, durationMs } = row;
  // The whole row: a sweep that is killed is gone on with from here.
  run.note("labelled", { recipe, label, row });
  run.context.progress({ kind: "ended", recipe, label, detail, durationMs });
  return row;
}

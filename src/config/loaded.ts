import type { RecipeFile, SweepFile } from "./schema.ts";
import type { YamlFile } from "./yaml-file.ts";

/** `sweep.yaml` as it was read; `value` is null where it does not fit its schema. */
export interface LoadedSweep {
  yaml: YamlFile;
  value: SweepFile | null;
}

/** A `recipe.yaml` as it was read; `value` is null where it does not fit its schema. */
export interface LoadedRecipe {
  name: string;
  /** Absolute. */
  folder: string;
  yaml: YamlFile;
  value: RecipeFile | null;
}

/** All files of a configuration, before anything is derived from them. */
export interface LoadedFiles {
  sweep: LoadedSweep | null;
  /** By name. */
  recipes: readonly LoadedRecipe[];
  /** Folders in `recipes` that have no `recipe.yaml`. */
  withoutFile: readonly string[];
  hasRecipeFolder: boolean;
}

/** The warm domain of a recipe. */
export function warmDomain(recipe: string, file: RecipeFile, sweepDomain: string): string {
  return file.domain ?? `warm-${recipe}.${sweepDomain}`;
}

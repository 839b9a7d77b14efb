import type { KnownCause } from "../core/cause/known-cause.ts";
import type { RecipeFile } from "./recipe-schema.ts";
import type { SweepFile } from "./schema.ts";
import type { Checked } from "./schema-problems.ts";
import type { YamlFile } from "./yaml-file.ts";

/** `sweep.yaml` as read. */
export interface LoadedSweep extends Checked<SweepFile> {
  yaml: YamlFile;
}

/** A `recipe.yaml` as read. */
export interface LoadedRecipe extends Checked<RecipeFile> {
  name: string;
  /** Absolute. */
  folder: string;
  yaml: YamlFile;
}

/** All files of a configuration, before anything is derived from them. */
export interface LoadedFiles {
  /** Null if it is missing. */
  sweep: LoadedSweep | null;
  /** By name. */
  recipes: readonly LoadedRecipe[];
  /** Folders in `recipes` without a `recipe.yaml`. */
  withoutFile: readonly string[];
  hasRecipeFolder: boolean;
  knownCauses: readonly KnownCause[];
}

/** Whether this key is certain to be without fault in the file, or absent from it. */
export function isSound<T>(file: Pick<Checked<T>, "faulty">, key: keyof T & string): boolean {
  return file.faulty !== null && !file.faulty.has(key);
}

/** The warm domain of a recipe. */
export function warmDomain(recipe: string, domain: string | undefined, sweepDomain: string): string {
  return domain ?? `warm-${recipe}.${sweepDomain}`;
}

import type { Config } from "../config/config.ts";
import { RecipeName } from "../core/recipe-name.ts";
import { Fault } from "../fault.ts";
import { nearest } from "./nearest.ts";

/** These names, after a check that each is configured. Throws one Fault that names all that are not. */
export function configuredRecipes(config: Config, names: readonly string[]): readonly string[] {
  const known = config.recipes.map((recipe) => recipe.recipe);
  const faults = names.filter((name) => !known.includes(name)).map((name) => describeUnknown(name, known));
  if (faults.length === 0) return names;
  throw new Fault("usage", faults.join("\n"), `recipes are configured in ${config.folder}/recipes`);
}

/** The name of a recipe that need not be configured; throws a Fault for an invalid name. */
export function recipeName(name: string): string {
  const parsed = RecipeName.safeParse(name);
  if (parsed.success) return name;
  throw new Fault("usage", `'${name}' is no name of a recipe`, parsed.error.issues[0]?.message ?? "");
}

function describeUnknown(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  if (meant !== null) return `recipe '${name}' is not configured: did you mean ${meant}?`;
  const some = known.slice(0, 20).join(" ");
  const more = known.length > 20 ? ` and ${known.length - 20} more` : "";
  return `recipe '${name}' is not configured (configured: ${known.length === 0 ? "none" : some + more})`;
}

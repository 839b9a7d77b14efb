import type { RecipeConfig } from "../config/config.ts";
import { Fault } from "../fault.ts";
import type { Context } from "./context.ts";

/** The configuration of a recipe by its name; throws a Fault that lists the existing ones. */
export function configuredRecipe({ config }: Context, name: string): RecipeConfig {
  const recipe = config.recipes.find((entry) => entry.recipe === name);
  if (recipe !== undefined) return recipe;
  const known = config.recipes.map((entry) => entry.recipe).join(", ") || "none";
  throw new Fault("usage", `${name} is not configured in ${config.folder}`, `configured are: ${known}`);
}

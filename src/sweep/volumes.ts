import type { RecipeConfig } from "../config/config.ts";
import type { Context } from "./context.ts";

/** Volumes of a recipe's canonical that its swarm holds; the command driver's data is looked at on disk. */
export async function volumesWithoutRecord(_context: Context, _recipe: RecipeConfig): Promise<string[]> {
  return [];
}

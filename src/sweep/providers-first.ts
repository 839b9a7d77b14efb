import type { RecipeConfig } from "../config/config.ts";

/** The recipes in an order in which a provider stands before those that require it; else in the given order. */
export function providersFirst<T extends { recipe: Pick<RecipeConfig, "recipe" | "requires"> }>(
  entries: readonly T[],
): T[] {
  const ordered: T[] = [];
  const visited = new Set<string>();
  const visit = (entry: T) => {
    if (visited.has(entry.recipe.recipe)) return;
    visited.add(entry.recipe.recipe);
    for (const { recipe } of entry.recipe.requires) {
      const provider = entries.find((other) => other.recipe.recipe === recipe);
      if (provider !== undefined) visit(provider);
    }
    ordered.push(entry);
  };
  for (const entry of entries) visit(entry);
  return ordered;
}

import { join } from "node:path";
import { isThere, listFolder, removeTree } from "../state/files.ts";
import type { StatePaths } from "../state/paths.ts";

/** The recipes that have a snapshot and no promotion under way: it is settled, and its snapshot is left over. */
export function settledSnapshots(state: StatePaths): string[] {
  const recipes = listFolder(join(state.root, "snapshots"));
  return recipes.filter((recipe) => !isThere(state.canonical(recipe).promotion));
}

/** Removes the snapshots of settled promotions, and returns a line for each. */
export function removeSettledSnapshots(state: StatePaths): string[] {
  return settledSnapshots(state).map((recipe) => {
    removeTree(state.snapshot(recipe));
    return `${recipe}: removed the snapshot of a promotion that was settled`;
  });
}

import { lstatSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isFolder } from "../file-facts.ts";
import { isThere, listFolder } from "../files.ts";
import type { StatePaths } from "../paths.ts";

const TEMPORARY = /^\.[0-9a-f]{12}\.tmp$/;

/** Commands without the lock may still be writing: only an older file was left behind, in milliseconds. */
const OTHERS_MS = 10 * 60_000;

/**
 * Removes temporary files that a kill left in the middle of a write; some hold secrets. The caller holds the lock:
 * nobody else writes into most of these folders.
 */
export function removeTemporaries(state: StatePaths, now: number): void {
  for (const folder of [state.root, state.exceptions, state.mirrors]) removeFrom(folder, now - OTHERS_MS);
  const own = listIfFolder(state.canonicals).flatMap((recipe) => {
    const { folder, kept } = state.canonical(recipe);
    return [folder, kept, join(state.snapshot(recipe), "kept")];
  });
  for (const folder of [join(state.root, "deployed"), ...own, ...foldersOfCutRuns(state)])
    removeFrom(folder, Number.POSITIVE_INFINITY);
}

// A run with a report has ended.
function foldersOfCutRuns(state: StatePaths): string[] {
  const cut = listIfFolder(state.runs).filter((run) => !isThere(state.run(run).report));
  return cut.flatMap((run) => {
    const { folder, recipe } = state.run(run);
    return [folder, ...listIfFolder(folder).map(recipe)];
  });
}

function removeFrom(folder: string, before: number): void {
  for (const name of listIfFolder(folder).filter((entry) => TEMPORARY.test(entry))) {
    const path = join(folder, name);
    const writtenMs = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? before;
    if (writtenMs < before) rmSync(path, { force: true });
  }
}

function listIfFolder(path: string): string[] {
  return isFolder(path) ? listFolder(path) : [];
}

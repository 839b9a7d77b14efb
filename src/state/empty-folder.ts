import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Removes all that is in a folder, and keeps the folder itself, its owner and its mode. */
export function emptyFolder(path: string): void {
  for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true, force: true });
}

/** Makes an empty folder, or empties the one that is there. */
export function freshFolder(path: string, mode = 0o700): void {
  mkdirSync(path, { recursive: true, mode });
  emptyFolder(path);
}

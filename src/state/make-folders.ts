import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { codeOf } from "./file-fault.ts";

/** Makes a folder with its missing parents, and returns the first one made; existing ones stay as they are. */
export function makeFolders(path: string, mode = 0o777): string | undefined {
  try {
    return mkdirSync(path, { recursive: true, mode });
  } catch (error) {
    // Node reports this for a read-only file system too: a plain mkdir gives the real error.
    if (codeOf(error) === "ENOENT") mkdirSync(firstMissing(path), mode);
    throw error;
  }
}

function firstMissing(path: string): string {
  const above = dirname(path);
  return above === path || existsSync(above) ? path : firstMissing(above);
}

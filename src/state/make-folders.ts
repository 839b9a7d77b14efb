import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { codeOf } from "./file-fault.ts";

/** Makes a folder with all that lead to it, and returns the first that was made; one that is there stays as it is. */
export function makeFolders(path: string, mode = 0o777): string | undefined {
  try {
    return mkdirSync(path, { recursive: true, mode });
  } catch (error) {
    // Node says so of a file system that is read-only too: the plain call says what it really is.
    if (codeOf(error) === "ENOENT") mkdirSync(firstMissing(path), mode);
    throw error;
  }
}

function firstMissing(path: string): string {
  const above = dirname(path);
  return above === path || existsSync(above) ? path : firstMissing(above);
}

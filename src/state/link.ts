import { symlinkSync } from "node:fs";

/** Makes `path` a link to a folder; an existing one stays as it is. */
export function linkFolder(folder: string, path: string): void {
  try {
    symlinkSync(folder, path, "dir");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

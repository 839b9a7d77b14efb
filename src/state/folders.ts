import { fsyncSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { codeOf, writing } from "./file-fault.ts";
import { makeFolders } from "./make-folders.ts";
import { withFile } from "./open-file.ts";

/** Makes a folder and its missing parents, and waits until the new ones are on disk. */
export function makeFolder(path: string, mode = 0o755): void {
  const first = makeFolders(path, mode);
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) syncFolder(dirname(made));
}

/** Removes a file or a folder and waits until the disk has forgotten it: a loss of power does not bring it back. */
export function removeForGood(path: string): void {
  rmSync(path, { recursive: true, force: true });
  syncNearestFolder(dirname(path));
}

/** The same for a file or a link; a folder in its place stays and is a fault. */
export function removeFileForGood(path: string): void {
  writing(path, () => {
    rmSync(path, { force: true });
    syncNearestFolder(dirname(path));
  });
}

/** Waits until the names in a folder are on disk. */
export function syncFolder(path: string): void {
  withFile(path, "r", fsyncSync);
}

// If the folder itself is missing, so is its content, once the folder above is on disk.
function syncNearestFolder(path: string): void {
  try {
    syncFolder(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    syncNearestFolder(dirname(path));
  }
}

/** Makes `path` a link to a folder; an existing one stays as it is. */
export function linkFolder(folder: string, path: string): void {
  try {
    symlinkSync(folder, path, "dir");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** Makes a new folder among the system's temporary ones and returns its absolute path, without symbolic links. */
export function temporaryFolder(prefix: string): string {
  return mkdtempSync(join(realpathSync(tmpdir()), prefix));
}

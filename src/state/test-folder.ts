import { createHash } from "node:crypto";
import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { listFolder } from "./files.ts";

export interface FoundFile {
  name: string;
  executable: boolean;
}

/** The regular files of a folder, sorted by name; hidden files are left out. Empty where there is no folder. */
export function listTestFiles(folder: string): FoundFile[] {
  return listFolder(folder)
    .filter((name) => !name.startsWith(".") && isRegularFile(join(folder, name)))
    .map((name) => ({ name, executable: isExecutable(join(folder, name)) }));
}

/** Whether a file is there that may be executed. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return isRegularFile(path);
  } catch {
    return false;
  }
}

/** `sha256:` and the digest of a file's content. */
export function hashFile(path: string): string {
  return `sha256:${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
}

function isRegularFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

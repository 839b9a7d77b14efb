import { createHash } from "node:crypto";
import { accessSync, constants, createReadStream, type Stats, statSync } from "node:fs";
import { pipeline } from "node:stream/promises";

/** Whether a folder, or a link to one, stands there. */
export function isFolder(path: string): boolean {
  return statIfAny(path)?.isDirectory() ?? false;
}

/** Whether a regular file, or a link to one, stands there. */
export function isFile(path: string): boolean {
  return statIfAny(path)?.isFile() ?? false;
}

/** Whether a regular file stands there that this user may execute. */
export function isExecutable(path: string): boolean {
  if (!isFile(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What tells one content of a file from the next without reading it: device, inode, size, time; null: no file. */
export function fileIdentity(path: string): string | null {
  const stat = statIfAny(path);
  return stat === null ? null : `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeMs}:${stat.ctimeMs}`;
}

/** The SHA-256 of a file's content in hex; null where it cannot be read. */
export async function hashFile(path: string): Promise<string | null> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(path), hash);
    return hash.digest("hex");
  } catch {
    return null;
  }
}

function statIfAny(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

import { createHash } from "node:crypto";
import { accessSync, constants, createReadStream, readSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { messageOf } from "../fault.ts";
import { withFile } from "./open-file.ts";

/** Whether the path is a folder, or a link to one. */
export function isFolder(path: string): boolean {
  return statIfAny(path)?.isDirectory() ?? false;
}

/** Whether the path is a regular file, or a link to one. */
export function isFile(path: string): boolean {
  return statIfAny(path)?.isFile() ?? false;
}

/** Whether the path is a regular file that this user may execute. */
export function isExecutable(path: string): boolean {
  if (!isFile(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether only its owner may read or write a file; true if there is none. */
export function isPrivate(path: string): boolean {
  const stat = statIfAny(path);
  return stat === null || (stat.mode & 0o077) === 0;
}

/** The path itself or its nearest existing parent. */
export function nearestExisting(path: string): string {
  return statIfAny(path) !== null || path === dirname(path) ? path : nearestExisting(dirname(path));
}

/** Why this user cannot write in a folder; null if it can. */
export function whyNotWritable(path: string): string | null {
  if (!isFolder(path)) return `${path} is no folder`;
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

/** Distinguishes contents of a file without reading it: device, inode, size, time; null if there is no file. */
export function fileIdentity(path: string): string | null {
  const stat = statIfAny(path);
  return stat === null ? null : `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeMs}:${stat.ctimeMs}`;
}

/** Whether the file is a script, whose answers may depend on other files. Also true if it cannot be read. */
export function isScript(path: string): boolean {
  try {
    const begin = Buffer.alloc(2);
    withFile(path, "r", (fd) => readSync(fd, begin, 0, 2, 0));
    return begin.toString("latin1") === "#!";
  } catch {
    return true;
  }
}

/** The SHA-256 of a file's content in hex; null if it cannot be read. */
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

/** Whether a file exists whose mode lets nobody write it; root could all the same. */
export function isReadOnly(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && (stat.mode & 0o222) === 0;
}

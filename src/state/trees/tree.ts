import { type Dirent, lstatSync, readdirSync } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { ensureFolder, listFolder, removeTree } from "../files.ts";

/** The regular files below a folder, and the sum of their lengths; a hard link counts once. */
export interface TreeSize {
  files: number;
  bytes: number;
  /** Bytes used on disk. */
  used: number;
}

/** The unit in which the system counts a file's blocks on disk. */
const BLOCK_BYTES = 512;

/** Measures a folder by walking it; files that disappear meanwhile are not counted. A missing folder measures zero. */
export async function measureTree(path: string): Promise<TreeSize> {
  const size = { files: 0, bytes: 0, used: 0 };
  await addFolder(path, size, new Set());
  return size;
}

/**
 * Time of the newest change to a regular file below a folder, in milliseconds since the epoch; null if there is none.
 */
export async function newestChange(path: string): Promise<number | null> {
  let newest: number | null = null;
  for (const entry of (await readdir(path, { withFileTypes: true }).catch(ignoreMissing)) ?? []) {
    const time = await changeOf(join(path, entry.name), entry);
    if (time !== null && (newest === null || time > newest)) newest = time;
  }
  return newest;
}

async function changeOf(path: string, entry: Dirent): Promise<number | null> {
  if (entry.isDirectory()) return newestChange(path);
  if (!entry.isFile()) return null;
  return (await lstat(path).catch(ignoreMissing))?.mtimeMs ?? null;
}

/** Empties a folder, or makes it. */
export function emptyFolder(path: string): void {
  ensureFolder(path);
  for (const name of listFolder(path)) removeTree(join(path, name));
}

async function addFolder(path: string, size: TreeSize, seen: Set<string>): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch(ignoreMissing);
  for (const entry of entries ?? []) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) await addFolder(child, size, seen);
    else if (entry.isFile()) await addFile(child, size, seen);
  }
}

async function addFile(path: string, size: TreeSize, seen: Set<string>): Promise<void> {
  const stat = await lstat(path).catch(ignoreMissing);
  if (stat === null) return;
  const identity = `${stat.dev}:${stat.ino}`;
  if (stat.nlink > 1 && seen.has(identity)) return;
  seen.add(identity);
  size.files += 1;
  size.bytes += stat.size;
  size.used += stat.blocks * BLOCK_BYTES;
}

function ignoreMissing(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}

/** The first `most` regular files below a folder by path, with their lengths; empty if there is no folder. */
export function listFiles(folder: string, most: number): { path: string; bytes: number }[] {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
    return names.flatMap((name) => measured(join(folder, name))).slice(0, most);
  } catch {
    return [];
  }
}

function measured(path: string): { path: string; bytes: number }[] {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat?.isFile() ? [{ path, bytes: stat.size }] : [];
}

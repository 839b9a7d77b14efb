import { type Dirent, lstatSync, readdirSync } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { ensureFolder, listFolder, removeTree } from "../files.ts";

/** What there is below a folder: regular files, and the sum of their lengths; a hard link counts once. */
export interface TreeSize {
  files: number;
  bytes: number;
  /** Of the disk, in bytes. */
  used: number;
}

/** The unit in which the system counts what a file has of the disk. */
const BLOCK_BYTES = 512;

/** Measures a folder by walking it; what disappears meanwhile is not counted. No folder: nothing. */
export async function measureTree(path: string): Promise<TreeSize> {
  const size = { files: 0, bytes: 0, used: 0 };
  await addFolder(path, size, new Set());
  return size;
}

/**
 * When the newest of the regular files below a folder was changed last, in milliseconds since the epoch; null
 * where there is none.
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

/** Makes a folder that has nothing in it. */
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

/** The regular files below a folder with their lengths, by path, `most` of them; empty where there is no folder. */
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

import { createHash } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { writeFault } from "../file-fault.ts";
import { makeFolder, syncFolder } from "../folders.ts";

interface TreeEntry {
  /** Relative to the tree. */
  path: string;
  kind: "file" | "link";
  isExecutable: boolean;
  bytes: number;
}

/** What a tree has in it. */
export interface TreeContent {
  /** `sha256:` of the names, contents, link targets and execute permissions; equal for equal content anywhere. */
  digest: string;
  files: number;
  bytes: number;
}

/** Reads a tree, except the top-level folders named in `leaveOut`; a missing folder is an empty tree. */
export function readTreeContent(folder: string, leaveOut: readonly string[] = []): TreeContent {
  const entries = listTree(folder, leaveOut);
  const hash = createHash("sha256");
  for (const { path, kind, isExecutable } of entries) {
    const content = kind === "link" ? readlinkSync(join(folder, path)) : readFileSync(join(folder, path));
    const digest = createHash("sha256").update(content).digest("hex");
    hash.update(`${JSON.stringify([path, kind, isExecutable, digest])}\n`);
  }
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  return { digest: `sha256:${hash.digest("hex")}`, files: entries.length, bytes };
}

/** The size of a tree, without reading its files. */
export function measureTreeContent(folder: string): Pick<TreeContent, "files" | "bytes"> {
  const entries = listTree(folder, []);
  return { files: entries.length, bytes: entries.reduce((sum, entry) => sum + entry.bytes, 0) };
}

/** Copies a tree into a folder that does not exist yet, and waits until it is on disk. */
export function copyTreeToDisk(from: string, to: string): void {
  try {
    makeFolder(to);
    const folders = new Set([to]);
    for (const { path, kind, isExecutable } of listTree(from, [])) {
      const target = join(to, path);
      makeFolder(dirname(target));
      folders.add(dirname(target));
      if (kind === "link") symlinkSync(readlinkSync(join(from, path)), target);
      else writeAndSync(target, readFileSync(join(from, path)), isExecutable ? 0o755 : 0o644);
    }
    for (const folder of folders) syncFolder(folder);
  } catch (error) {
    throw writeFault(to, error);
  }
}

function listTree(root: string, leaveOut: readonly string[]): TreeEntry[] {
  const list = (folder: string): TreeEntry[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry): TreeEntry[] => {
      const path = relative(root, join(folder, entry.name));
      if (leaveOut.includes(path)) return [];
      if (entry.isDirectory()) return list(join(folder, entry.name));
      if (entry.isSymbolicLink()) return [{ path, kind: "link", isExecutable: false, bytes: 0 }];
      if (!entry.isFile()) return [];
      const { mode, size } = statSync(join(folder, entry.name));
      return [{ path, kind: "file", isExecutable: (mode & 0o111) !== 0, bytes: size }];
    });
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return list(root).sort((a, b) => (a.path < b.path ? -1 : 1));
}

function writeAndSync(path: string, content: Buffer, mode: number): void {
  const file = openSync(path, "wx", mode);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

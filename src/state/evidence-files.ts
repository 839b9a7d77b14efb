import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
} from "node:fs";
import { dirname, join } from "node:path";

export interface EvidenceFile {
  /** Below the folder. */
  path: string;
  bytes: number;
}

/** Deepest level of nested folders that is searched. */
const DEEPEST = 4;
/** At most this many files are listed: a recipe's test may have written any number. */
const MOST_FILES = 2000;

/** The regular files below a folder, by path, without links and files still being written. */
export function listEvidence(folder: string): EvidenceFile[] {
  const files: EvidenceFile[] = [];
  addFiles(folder, "", 0, files);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function addFiles(root: string, below: string, depth: number, files: EvidenceFile[]): void {
  for (const entry of entriesOf(join(root, below))) {
    if (files.length >= MOST_FILES) return;
    const path = join(below, entry.name);
    if (entry.isDirectory() && depth < DEEPEST) addFiles(root, path, depth + 1, files);
    const stat = entry.isFile() && !entry.name.endsWith(".tmp") ? statIfAny(join(root, path)) : undefined;
    if (stat !== undefined) files.push({ path, bytes: stat.size });
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // A file that disappears meanwhile, or cannot be read, is skipped.
    return [];
  }
}

function statIfAny(path: string) {
  return lstatSync(path, { throwIfNoEntry: false });
}

/** The end of a file. */
export interface FileEnd {
  text: string;
  /** Of the whole file. */
  bytes: number;
  /** Bytes before the text. */
  leftOut: number;
}

/**
 * Reads the last `longest` bytes of a regular file below a folder; null if there is none, or if it is a link or lies
 * behind one.
 */
export function readEnd(folder: string, path: string, longest: number): FileEnd | null {
  const full = join(folder, path);
  let fd: number;
  try {
    if (realpathSync.native(dirname(full)) !== join(realpathSync.native(folder), dirname(path))) return null;
    // Without O_NONBLOCK, opening a pipe without a writer never ends.
    fd = openSync(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) return null;
    const leftOut = Math.max(0, stat.size - longest);
    const buffer = Buffer.alloc(stat.size - leftOut);
    const read = buffer.length === 0 ? 0 : readSync(fd, buffer, 0, buffer.length, leftOut);
    return { text: buffer.toString("utf8", 0, read), bytes: stat.size, leftOut };
  } finally {
    closeSync(fd);
  }
}

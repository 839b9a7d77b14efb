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

/** So many folders within one another are looked into. */
const DEEPEST = 4;
/** No more files are listed: a recipe's test may have written any number. */
const MOST_FILES = 2000;

/** The regular files below a folder by their path; links are left out, and so is what is being written. */
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
    // What disappears meanwhile, or may not be read, has nothing to show.
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
  /** What stands before the text, in bytes. */
  leftOut: number;
}

/**
 * Reads the last `longest` bytes of a regular file below a folder; null where there is none, or where it is a link
 * or lies behind one.
 */
export function readEnd(folder: string, path: string, longest: number): FileEnd | null {
  const full = join(folder, path);
  let fd: number;
  try {
    if (realpathSync.native(dirname(full)) !== join(realpathSync.native(folder), dirname(path))) return null;
    // Without O_NONBLOCK the opening of a pipe that nobody writes to never ends.
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

import {
  appendFileSync,
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { createMiddleCut } from "./middle-cut.ts";

/** A log that commands append to by descriptor, and this program by line. */
export interface LogFile {
  path: string;
  append(text: string): void;
  /** Replaces the text appended since the last call by the result of `change`. */
  rewriteNew(change: (text: string) => string): void;
  /** Cuts out the middle if the log is longer than this, in bytes, and returns its length. */
  keepWithin(longest: number): number;
}

export function logFile(path: string): LogFile {
  let done = 0;
  return {
    path,
    append: (text) => {
      mkdirSync(dirname(path), { recursive: true });
      appendFileSync(path, text, { mode: 0o600 });
    },
    rewriteNew: (change) => {
      done = rewriteFrom(path, done, change);
    },
    keepWithin: (longest) => {
      const { size } = statSync(path);
      if (size <= longest) return size;
      // The cut moved the text that was already read.
      done = 0;
      return cutTo(path, longest);
    },
  };
}

function rewriteFrom(path: string, from: number, change: (text: string) => string): number {
  const bytes = readFileSync(path);
  // The log was shortened meanwhile, which may have moved the text already read.
  if (bytes.length < from) return rewriteFrom(path, 0, change);
  const fresh = bytes.subarray(from).toString("utf8");
  const changed = change(fresh);
  if (changed === fresh) return bytes.length;
  const replacement = Buffer.from(changed, "utf8");
  const fd = openSync(path, "r+");
  try {
    ftruncateSync(fd, from);
    writeSync(fd, replacement, 0, replacement.length, from);
  } finally {
    closeSync(fd);
  }
  return from + replacement.length;
}

function cutTo(path: string, longest: number): number {
  const fd = openSync(path, constants.O_RDWR | constants.O_APPEND);
  try {
    // Leaves free space, so that not every following line cuts it again.
    createMiddleCut(fd, 0)(Math.floor((longest / 8) * 3));
    return fstatSync(fd).size;
  } finally {
    closeSync(fd);
  }
}

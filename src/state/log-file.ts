import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

/** A log that commands append to by descriptor and this program by line. */
export interface LogFile {
  path: string;
  append(text: string): void;
  /** Rewrites what was appended since the last call by what `change` makes of it. */
  rewriteNew(change: (text: string) => string): void;
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
  };
}

function rewriteFrom(path: string, from: number, change: (text: string) => string): number {
  const bytes = readFileSync(path);
  // It was shortened meanwhile: what was read before may stand elsewhere now.
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

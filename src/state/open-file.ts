import { randomBytes } from "node:crypto";
import { closeSync, constants, fstatSync, mkdirSync, openSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { writing } from "./file-fault.ts";
import { createMiddleCut, readPart } from "./middle-cut.ts";

/** A file that a child writes to by its descriptor. */
export interface OpenFile {
  fd: number;
  /** The last `longest` bytes written since it was opened, as text. */
  readNew(longest: number): string;
  /** Whether at most this many bytes were written since it was opened. */
  isWithin(longest: number): boolean;
  /**
   * Cuts the middle out of the text written since it was opened, if that is longer than twice `kept`: its first and
   * last `kept` bytes stay, with a line between them that says so. The child may go on writing.
   */
  keepShort(kept: number): void;
  close(): void;
}

/** Opens a file for the time of `use`, and returns its result. */
export function withFile<T>(path: string, flags: string, use: (fd: number) => T, mode = 0o644): T {
  const fd = openSync(path, flags, mode);
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}

/** A file without a name: closing it removes it, however the program ends. */
export function anonymousFile(): OpenFile {
  const path = join(tmpdir(), `.canonical-sweep-${process.pid}-${randomBytes(6).toString("hex")}`);
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND;
  return writing(path, () => {
    const fd = openSync(path, flags, 0o600);
    unlinkSync(path);
    return openFile(fd);
  });
}

/** Opens a log for appending, and makes its missing folders; readable by its owner only. */
export function openForAppend(path: string): OpenFile {
  mkdirSync(dirname(path), { recursive: true });
  return openFile(openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND, 0o600));
}

function openFile(fd: number): OpenFile {
  const begin = fstatSync(fd).size;
  return {
    fd,
    readNew: (longest) => readPart(fd, Math.max(begin, fstatSync(fd).size - longest)).toString("utf8"),
    isWithin: (longest) => fstatSync(fd).size - begin <= longest,
    keepShort: createMiddleCut(fd, begin),
    close: () => closeSync(fd),
  };
}

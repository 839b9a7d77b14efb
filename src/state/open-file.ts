import { randomBytes } from "node:crypto";
import { closeSync, constants, fstatSync, mkdirSync, openSync, readSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A file that a child writes to by its descriptor. */
export interface OpenFile {
  fd: number;
  /** What was written since it was opened, the last `longest` bytes of it, as text. */
  readNew(longest: number): string;
  close(): void;
}

/** A file without a name: nothing is left of it when it is closed, however the program ends. */
export function anonymousFile(): OpenFile {
  const path = join(tmpdir(), `.canonical-sweep-${process.pid}-${randomBytes(6).toString("hex")}`);
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND;
  const fd = openSync(path, flags, 0o600);
  unlinkSync(path);
  return openFile(fd);
}

/** Opens a log for appending, with the folders that lead to it; readable by its owner only. */
export function openForAppend(path: string): OpenFile {
  mkdirSync(dirname(path), { recursive: true });
  return openFile(openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND, 0o600));
}

function openFile(fd: number): OpenFile {
  const begin = fstatSync(fd).size;
  return {
    fd,
    readNew: (longest) => readFrom(fd, begin, longest),
    close: () => closeSync(fd),
  };
}

function readFrom(fd: number, begin: number, longest: number): string {
  const size = fstatSync(fd).size;
  const from = Math.max(begin, size - longest);
  const buffer = Buffer.alloc(Math.max(0, size - from));
  const read = buffer.length === 0 ? 0 : readSync(fd, buffer, 0, buffer.length, from);
  return buffer.toString("utf8", 0, read);
}

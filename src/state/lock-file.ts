import { closeSync, constants, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** The lock file of a state folder. It is held by the kernel; its content only tells people who holds it. */
export interface LockFile {
  fd: number;
  readHolder(): string;
  writeHolder(text: string): void;
  close(): void;
}

/** Opens the lock file, made where it is missing. It is never unlinked: a second holder would lock another file. */
export function openLockFile(path: string): LockFile {
  mkdirSync(dirname(path), { recursive: true });
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o644);
  return {
    fd,
    readHolder: () => readFileSync(path, "utf8"),
    writeHolder: (text) => {
      ftruncateSync(fd, 0);
      writeSync(fd, text, 0);
    },
    close: () => closeSync(fd),
  };
}

import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { codeOf, readFault, writing } from "../state/file-fault.ts";
import { makeFolders } from "../state/make-folders.ts";

/** The lock file of a state folder. The kernel holds the lock; the content only names the holder for people. */
export interface LockFile {
  path: string;
  fd: number;
  /** Its folder, which is locked too: a lock file that was removed meanwhile excludes nobody. */
  folderFd: number;
  readHolder(): string;
  writeHolder(text: string): void;
  close(): void;
}

/** Opens the lock file, and makes it if missing. It is never unlinked: a second holder would lock another file. */
export function openLockFile(path: string): LockFile {
  return writing(path, () => {
    makeFolders(dirname(path));
    return lockFile(path, openSync(path, constants.O_RDWR | constants.O_CREAT, 0o644));
  });
}

/** Opens the lock file only to see whether it is held; null if there is none. Makes and writes nothing. */
export function openLockToLook(path: string): LockFile | null {
  try {
    return lockFile(path, openSync(path, constants.O_RDONLY));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw readFault(path, error);
  }
}

function lockFile(path: string, fd: number): LockFile {
  const folderFd = openSync(dirname(path), constants.O_RDONLY);
  return {
    path,
    fd,
    folderFd,
    readHolder: () => readFileSync(path, "utf8"),
    writeHolder: (text) => writeHolder(path, fd, text),
    close: () => {
      closeSync(fd);
      closeSync(folderFd);
    },
  };
}

function writeHolder(path: string, fd: number, text: string): void {
  writing(path, () => {
    ftruncateSync(fd, 0);
    writeSync(fd, text, 0);
  });
}

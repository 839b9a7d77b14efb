import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, ftruncateSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeFault } from "./file-fault.ts";
import { writeJson } from "./files.ts";
import { makeFolder, syncFolder } from "./folders.ts";

/** Room on a disk that is taken ahead: as many files in a folder can be replaced though the disk is full by then. */
export interface Room {
  /** Replaces a JSON file in that folder whole. Without room that is left, as any file is written. */
  writeJson(path: string, value: unknown): void;
  /** Gives back what is left. */
  giveBack(): void;
}

/**
 * Takes room for so many files of at most so many bytes: each stands there already, with its blocks and its inode, is
 * written over in place and gets its name by a rename, which asks for neither. Throws a Fault where there is no room;
 * then nothing is taken. A file system that copies what is written over (btrfs, zfs) gives no such promise.
 */
export function takeRoom(folder: string, files: number, bytes: number): Room {
  const spares: string[] = [];
  const giveBack = () => {
    for (const spare of spares.splice(0)) rmSync(spare, { force: true });
  };
  try {
    makeFolder(folder);
    while (spares.length < files) {
      spares.push(join(folder, `.${randomBytes(6).toString("hex")}.tmp`));
      fill(spares.at(-1) ?? "", bytes);
    }
  } catch (error) {
    giveBack();
    throw writeFault(folder, error);
  }
  return {
    writeJson: (path, value) => {
      const text = `${JSON.stringify(value, null, 2)}\n`;
      const spare = Buffer.byteLength(text) <= bytes && dirname(path) === folder ? spares.pop() : undefined;
      if (spare === undefined) return writeJson(path, value);
      replaceBy(spare, path, text);
    },
    giveBack,
  };
}

function fill(path: string, bytes: number): void {
  const fd = openSync(path, "wx", 0o644);
  try {
    writeFileSync(fd, " ".repeat(bytes));
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function replaceBy(spare: string, path: string, text: string): void {
  try {
    const fd = openSync(spare, "r+");
    try {
      writeFileSync(fd, text);
      ftruncateSync(fd, Buffer.byteLength(text));
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(spare, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(spare, { force: true });
    throw writeFault(path, error);
  }
}

import { randomBytes } from "node:crypto";
import { fsyncSync, ftruncateSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeFault } from "./file-fault.ts";
import { writeJson } from "./files.ts";
import { makeFolder, syncFolder } from "./folders.ts";
import { withFile } from "./open-file.ts";

/** Disk space reserved in a folder, so that files there can be replaced even if the disk is full by then. */
export interface Room {
  /** Replaces a JSON file in that folder whole. With no reserved file left, it writes like any other. */
  writeJson(path: string, value: unknown): void;
  /** Releases the rest of the space. */
  giveBack(): void;
}

/**
 * Reserves space for `files` files of at most `bytes` bytes. Each is created at once with its blocks and inode; a later
 * write overwrites it in place and renames it, which needs neither. Throws a Fault if there is no space, and then
 * nothing is reserved. A file system that copies on write (btrfs, zfs) gives no such guarantee.
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
  withFile(path, "wx", (fd) => {
    writeFileSync(fd, " ".repeat(bytes));
    fsyncSync(fd);
  });
}

function replaceBy(spare: string, path: string, text: string): void {
  try {
    withFile(spare, "r+", (fd) => {
      writeFileSync(fd, text);
      ftruncateSync(fd, Buffer.byteLength(text));
      fsyncSync(fd);
    });
    renameSync(spare, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(spare, { force: true });
    throw writeFault(path, error);
  }
}

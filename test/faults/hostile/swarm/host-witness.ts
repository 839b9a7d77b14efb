import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { lstatSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

/** A folder of the host that no app has to do with: that it was read, written or changed can be told afterwards. */
export interface HostWitness {
  folder: string;
  /** Stands in each of its files, and in no other of this machine. */
  canary: string;
  /** What of it was read, written or changed. */
  touched(): string[];
  /** Which files below another folder have the canary. */
  leakedInto(folder: string): string[];
  /** Reads a file of it: where the file system would not tell, no test here proves a thing. */
  isReadSeen(): boolean;
}

/** Folders and files with the names that tests let apps lead to. */
const FOLDERS = ["", "sub", "sub/deep"];
const FILES = ["secret", "sub/secret", "sub/deep/secret"];
/** A read is noted where the last one is older than the last change. */
const READ_AT = new Date("2001-01-01T00:00:00Z");
const CHANGED_AT = new Date("2002-01-01T00:00:00Z");

export function plantHostWitness(): HostWitness {
  const folder = temporaryFolder("witness");
  const canary = `canary-${randomBytes(12).toString("hex")}`;
  for (const name of FOLDERS) mkdirSync(join(folder, name), { recursive: true });
  for (const name of FILES) writeFileSync(join(folder, name), `${canary}\n`, { mode: 0o600 });
  const paths = [...FILES, ...FOLDERS.toReversed()].map((name) => join(folder, name));
  for (const path of paths) utimesSync(path, READ_AT, CHANGED_AT);
  const before = new Map(paths.map((path) => [path, stateOf(path)]));
  const touched = () => paths.filter((path) => stateOf(path) !== before.get(path));
  return {
    folder,
    canary,
    touched,
    leakedInto: (other) => {
      // Exit 1: nothing was found.
      const script = `grep -rlaF -- "$1" "$2" || test $? = 1`;
      const found = execFileSync("/bin/sh", ["-c", script, "sh", canary, other], { encoding: "utf8" });
      return found.split("\n").filter((line) => line !== "");
    },
    isReadSeen: () => {
      readFileSync(join(folder, "secret"));
      return touched().length === 1;
    },
  };
}

function stateOf(path: string): string {
  const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined) return "gone";
  const { ino, mode, uid, gid, size, nlink, atimeNs, mtimeNs, ctimeNs } = stat;
  return [ino, mode, uid, gid, size, nlink, atimeNs, mtimeNs, ctimeNs].join(" ");
}

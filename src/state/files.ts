import { randomBytes } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  fsyncSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { messageOf } from "../fault.ts";
import { codeOf, readFault, writeFault, writing } from "./file-fault.ts";
import { makeFolder, syncFolder } from "./folders.ts";
import { makeFolders } from "./make-folders.ts";
import { withFile } from "./open-file.ts";

export type JsonReading<T> =
  | { state: "absent" }
  | { state: "read"; value: T }
  | { state: "unreadable"; problem: string };

interface SafeParser<T> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: T }
    | { success: false; error: { issues: readonly { path: PropertyKey[]; message: string }[] } };
}

/** The text of a file, or null if there is none. Throws on any other failure: unreadable is not absent. */
export function readTextIfAny(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOTDIR" || isAbsent(path, error)) return null;
    throw readFault(path, error);
  }
}

/**
 * Reads a JSON file against its schema. An existing file that cannot be read, is not JSON, does not fit or has a schema
 * newer than `newest` is `unreadable`, with the file and the reason: never `absent`.
 */
export function readJson<T>(path: string, parser: SafeParser<T>, newest?: number): JsonReading<T> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (isAbsent(path, error)) return { state: "absent" };
    return { state: "unreadable", problem: `${path} cannot be read: ${messageOf(error)}` };
  }
  return parseJson(path, text, parser, newest);
}

/** The same for the text of such a file. */
export function parseJson<T>(
  path: string,
  text: string,
  parser: SafeParser<T>,
  newest?: number,
): JsonReading<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { state: "unreadable", problem: `${path} is not JSON: ${messageOf(error)}` };
  }
  const schema = (value as { schema?: unknown } | null)?.schema;
  if (newest !== undefined && typeof schema === "number" && schema > newest)
    return {
      state: "unreadable",
      problem: `${path} has schema ${schema}; this program reads up to ${newest}: use the newer one that wrote it`,
    };
  const parsed = parser.safeParse(value);
  if (parsed.success) return { state: "read", value: parsed.data };
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.join(".") || "(whole)"}: ${issue.message}`,
  );
  return { state: "unreadable", problem: `${path}: ${problems.join("; ")}` };
}

/** Replaces a JSON file whole: temporary file, fsync, rename, fsync of the folder. */
export function writeJson(path: string, value: unknown, mode = 0o644): void {
  writeWhole(path, `${JSON.stringify(value, null, 2)}\n`, mode);
}

/** Replaces a file whole, or leaves it as it was; a fault names the file and the remedy. */
export function writeWhole(path: string, text: string | Buffer, mode = 0o644): void {
  const temporary = join(dirname(path), `.${randomBytes(6).toString("hex")}.tmp`);
  try {
    makeFolder(dirname(path));
    writeAndSync(temporary, text, mode);
    renameSync(temporary, path);
    syncFolder(dirname(path));
  } catch (error) {
    dropTemporary(temporary);
    throw writeFault(path, error);
  }
}

/** Replaces a file whole, without waiting for the disk: for caches, whose loss costs one look upstream. */
export function writeCache(path: string, text: string): void {
  const temporary = join(dirname(path), `.${randomBytes(6).toString("hex")}.tmp`);
  try {
    makeFolders(dirname(path));
    appendFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    dropTemporary(temporary);
    throw writeFault(path, error);
  }
}

/** The names in a folder, sorted; empty if nothing is there. Throws for a file or a dangling link. */
export function listFolder(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch (error) {
    if (isAbsent(path, error)) return [];
    throw readFault(path, error);
  }
}

/** Removes a file or a folder with its content; a missing one is fine. */
export function removeTree(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** Removes a file or a link; a missing one is fine, a folder in its place stays and is a fault. */
export function removeFile(path: string): void {
  writing(path, () => rmSync(path, { force: true }));
}

export function ensureFolder(path: string, mode = 0o755): void {
  writing(path, () => makeFolders(path, mode));
}

export function exists(path: string): boolean {
  return existsSync(path);
}

/** Whether the name exists, including a dangling link and a file that may not be looked at. */
export function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    return !["ENOENT", "ENOTDIR"].includes(codeOf(error));
  }
}

/** Renames a file or folder and waits until the folders on both sides are on disk. */
export function moveTree(from: string, to: string): void {
  writing(to, () => {
    makeFolders(dirname(to));
    renameSync(from, to);
    syncFolder(dirname(to));
    if (dirname(from) !== dirname(to)) syncFolder(dirname(from));
  });
}

/** Bytes free to this user on the file system of `path`; null if unknown. */
export function freeBytes(path: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch {
    return null;
  }
}

function writeAndSync(path: string, text: string | Buffer, mode: number): void {
  const write = (fd: number) => {
    // A disk that fills up takes a part and only reports how much: this call repeats until the disk refuses.
    writeFileSync(fd, text);
    fsyncSync(fd);
  };
  withFile(path, "wx", write, mode);
}

function dropTemporary(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It was never made: the obstacle to its removal also made the write fail, which is reported.
  }
}

// A dangling link, on the way or at the end, hides the target: that is not absence.
function isAbsent(path: string, error: unknown): boolean {
  return codeOf(error) === "ENOENT" && !leadsNowhere(path);
}

function leadsNowhere(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat !== undefined) return stat.isSymbolicLink() && !existsSync(path);
  return path !== dirname(path) && leadsNowhere(dirname(path));
}

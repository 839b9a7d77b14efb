import { randomBytes } from "node:crypto";
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { Fault, messageOf } from "../fault.ts";
import { mendLastLine } from "./last-line.ts";

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

/** The text of a file, or null where there is none. Any other failure is thrown: unreadable is not absent. */
export function readTextIfAny(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/**
 * Reads a JSON file against its schema. A file that is there but cannot be read, is no JSON, does not fit or
 * has a schema newer than `newest` is `unreadable`, with the file and the reason: never `absent`.
 */
export function readJson<T>(path: string, parser: SafeParser<T>, newest?: number): JsonReading<T> {
  let text: string | null;
  try {
    text = readTextIfAny(path);
  } catch (error) {
    return { state: "unreadable", problem: `${path}: ${messageOf(error)}` };
  }
  if (text === null) return { state: "absent" };
  return parseJson(path, text, parser, newest);
}

function parseJson<T>(path: string, text: string, parser: SafeParser<T>, newest?: number): JsonReading<T> {
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
      problem: `${path} has schema ${schema}; this program reads up to ${newest}`,
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

/** Replaces a file whole, or leaves it as it was; a fault names the file and what to do. */
export function writeWhole(path: string, text: string, mode = 0o644): void {
  const temporary = join(dirname(path), `.${randomBytes(6).toString("hex")}.tmp`);
  try {
    mkdirSync(dirname(path), { recursive: true });
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
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    dropTemporary(temporary);
    throw writeFault(path, error);
  }
}

/**
 * Appends one line of JSON and waits until it is on disk. A last line that a kill cut short is taken away first:
 * whoever reads the file line by line meets nothing but JSON.
 */
export function appendJsonLine(path: string, value: unknown): void {
  appendJsonLines(path, [value]);
}

/** The same for several lines at once, for the price of one. */
export function appendJsonLines(path: string, values: readonly unknown[]): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const isNew = !existsSync(path);
    const missing = isNew ? "" : mendLastLine(path);
    const lines = values.map((value) => `${JSON.stringify(value)}\n`).join("");
    const fd = openSync(path, "a", 0o644);
    try {
      writeSync(fd, `${missing}${lines}`);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    if (isNew) syncFolder(dirname(path));
  } catch (error) {
    throw writeFault(path, error);
  }
}

/** The values of a `.jsonl` file; lines that do not parse (a torn last one) are left out and counted. */
export function readJsonLines(path: string): { values: unknown[]; torn: number } {
  const lines = (readTextIfAny(path) ?? "").split("\n").filter((line) => line.trim() !== "");
  const values: unknown[] = [];
  for (const line of lines) {
    try {
      values.push(JSON.parse(line));
    } catch {
      // Counted below: an append that a kill cut short.
    }
  }
  return { values, torn: lines.length - values.length };
}

/** The names in a folder, sorted; empty where there is no folder. */
export function listFolder(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Removes a file or a folder with all that is in it; nothing to remove is no failure. */
export function removeTree(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

export function ensureFolder(path: string, mode = 0o755): void {
  try {
    mkdirSync(path, { recursive: true, mode });
  } catch (error) {
    throw writeFault(path, error);
  }
}

export function exists(path: string): boolean {
  return existsSync(path);
}

/** Renames a file or folder and waits until the folders on both sides are on disk. */
export function moveTree(from: string, to: string): void {
  try {
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, to);
    syncFolder(dirname(to));
    if (dirname(from) !== dirname(to)) syncFolder(dirname(from));
  } catch (error) {
    throw writeFault(to, error);
  }
}

/** Bytes free to this user on the file system of `path`; null where it cannot be asked. */
export function freeBytes(path: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch {
    return null;
  }
}

function writeAndSync(path: string, text: string, mode: number): void {
  const fd = openSync(path, "wx", mode);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function syncFolder(path: string): void {
  const fd = openSync(path, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function dropTemporary(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It was never made: what keeps it from being removed kept it from being written, and that is told.
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" || code === "ENOTDIR";
}

/** What a failed write is to people: the file, and what to do. Any other error is a bug and stays what it is. */
export function writeFault(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (typeof code !== "string") return error;
  const next =
    code === "ENOSPC"
      ? "free some space on that disk, then start again: nothing was half-written"
      : code === "EACCES" || code === "EPERM" || code === "EROFS"
        ? "make the folder writable for the user that runs the sweep"
        : "look at the file and its folder";
  return new Fault("machinery", `cannot write ${path}: ${messageOf(error)}`, next, { cause: error });
}

import {
  closeSync,
  existsSync,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { writing } from "./file-fault.ts";
import { readTextIfAny } from "./files.ts";
import { makeFolder, syncFolder } from "./folders.ts";
import { mendLastLine } from "./last-line.ts";
import { withFile } from "./open-file.ts";

/**
 * Appends one line of JSON and waits until it is on disk. A last line that a kill cut short is removed first, so
 * readers find only JSON.
 */
export function appendJsonLine(path: string, value: unknown): void {
  appendJsonLines(path, [value]);
}

/** The same for several lines, at the cost of one. */
export function appendJsonLines(path: string, values: readonly unknown[]): void {
  writing(path, () => {
    makeFolder(dirname(path));
    const isNew = !existsSync(path);
    const missing = isNew ? "" : mendLastLine(path);
    const lines = values.map((value) => `${JSON.stringify(value)}\n`).join("");
    appendWhole(path, `${missing}${lines}`);
    if (isNew) syncFolder(dirname(path));
  });
}

/** The values of a `.jsonl` file; lines that do not parse (a torn last one) are left out and counted. */
export function readJsonLines(path: string): { values: unknown[]; torn: number; isLastTorn: boolean } {
  return parseJsonLines(readTextIfAny(path) ?? "");
}

/** The same for the text of such a file. */
export function parseJsonLines(text: string): ReturnType<typeof readJsonLines> {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const parsed = lines.map(parseLine);
  const values = parsed.flatMap((line) => (line === null ? [] : [line.value]));
  const isLastTorn = parsed.at(-1) === null && lines.at(-1)?.startsWith("{") === true;
  return { values, torn: lines.length - values.length, isLastTorn };
}

function parseLine(line: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(line) };
  } catch {
    return null;
  }
}

// A part that a full disk accepted is removed again; if that fails too, the next append finds a torn line.
function appendWhole(path: string, text: string): void {
  withFile(path, "a", (fd) => {
    const before = fstatSync(fd).size;
    try {
      writeFileSync(fd, text);
      fsyncSync(fd);
    } catch (error) {
      ftruncateSync(fd, before);
      throw error;
    }
  });
}

/**
 * Appends one line of JSON to a file of this run. The line is synced to disk in the background: the next command
 * already runs, and only a loss of power can lose the last lines.
 */
export function appendEvidenceLine(path: string, value: unknown): void {
  writing(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    const fd = openSync(path, "a", 0o644);
    writeFileSync(fd, `${JSON.stringify(value)}\n`);
    fsync(fd, () => closeSync(fd));
  });
}

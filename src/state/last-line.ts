import { readFileSync, truncateSync } from "node:fs";

const NEWLINE = 0x0a;
const BRACE = 0x7b;

/**
 * Takes the last line of a `.jsonl` file away where a kill cut it short, and returns what has to stand before the
 * next one: a line break after a last line that was not closed and is whole, or was never a line of ours.
 */
export function mendLastLine(path: string): "" | "\n" {
  const bytes = readFileSync(path);
  const { kept, missing } = lastLineOf(bytes);
  if (kept < bytes.length) truncateSync(path, kept);
  return missing;
}

/** How many bytes of a `.jsonl` file are kept where another line follows, and what has to stand before that. */
export function lastLineOf(bytes: Buffer): { kept: number; missing: "" | "\n" } {
  if (bytes.length === 0 || bytes.at(-1) === NEWLINE) return { kept: bytes.length, missing: "" };
  const begin = bytes.lastIndexOf(NEWLINE) + 1;
  const last = bytes.subarray(begin);
  const stays = last[0] !== BRACE || isJson(last.toString("utf8"));
  return stays ? { kept: bytes.length, missing: "\n" } : { kept: begin, missing: "" };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

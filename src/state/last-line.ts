import { readFileSync, truncateSync } from "node:fs";

const NEWLINE = 0x0a;
const BRACE = 0x7b;

/**
 * Removes the last line of a `.jsonl` file if a kill cut it short, and returns the text to put before the next line: a
 * line break if the last line is unclosed but whole, or was not written by us.
 */
export function mendLastLine(path: string): "" | "\n" {
  const bytes = readFileSync(path);
  const { kept, missing } = lastLineOf(bytes);
  if (kept < bytes.length) truncateSync(path, kept);
  return missing;
}

/** How many bytes of a `.jsonl` file stay before another line is added, and the text to put before that line. */
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

import { readFileSync, truncateSync } from "node:fs";

const NEWLINE = 0x0a;
const BRACE = 0x7b;

/**
 * Takes the last line of a `.jsonl` file away where a kill cut it short, and returns what has to stand before the
 * next one: a line break after a last line that was not closed and is whole, or was never a line of ours.
 */
export function mendLastLine(path: string): "" | "\n" {
  const bytes = readFileSync(path);
  if (bytes.length === 0 || bytes.at(-1) === NEWLINE) return "";
  const begin = bytes.lastIndexOf(NEWLINE) + 1;
  const last = bytes.subarray(begin);
  if (last[0] !== BRACE || isJson(last.toString("utf8"))) return "\n";
  truncateSync(path, begin);
  return "";
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

import { runInNewContext } from "node:vm";
import type { TryPattern } from "../core/cause/known-cause.ts";

/** Limit for a pattern on one text, in milliseconds: one that backtracks would never end. */
const LIMIT_MS = 250;

/** Tries a regular expression line by line, case-sensitive, and gives up at its limit. */
export const tryPattern: TryPattern = (pattern, text) => {
  try {
    const code = 'new RegExp(pattern, "mu").test(text)';
    return runInNewContext(code, { pattern, text }, { timeout: LIMIT_MS }) === true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return "too-slow";
    throw error;
  }
};

/** The fault of a regular expression; null if it has none. */
export function patternProblem(pattern: string): string | null {
  try {
    new RegExp(pattern, "mu");
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

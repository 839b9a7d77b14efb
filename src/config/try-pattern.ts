import { runInNewContext } from "node:vm";
import type { TryPattern } from "../core/cause/known-cause.ts";

/** A pattern has this long for one text, in milliseconds: one that goes back and forth would never end. */
const LIMIT_MS = 250;

/** Tries a regular expression, line by line, case counted, and gives it up when its time is over. */
export const tryPattern: TryPattern = (pattern, text) => {
  try {
    const code = 'new RegExp(pattern, "mu").test(text)';
    return runInNewContext(code, { pattern, text }, { timeout: LIMIT_MS }) === true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return "too-slow";
    throw error;
  }
};

/** What is wrong with a regular expression; null: nothing. */
export function patternProblem(pattern: string): string | null {
  try {
    new RegExp(pattern, "mu");
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

import type { Since } from "../records/brief.ts";
import { isSameError } from "../text/same-error.ts";
import { isOutcome, kindOf, type Labelled } from "./label.ts";

/** A recipe's row in a former run. */
export interface FormerRow extends Labelled {
  run: string;
  /** When it ended, ISO 8601. */
  at: string;
  failure: string;
}

/**
 * Since when a recipe has not been green: back to the last PASS, or to a SKIP at its latest release or without any
 * release. A recipe on hold was not looked at. `former` are the rows of earlier runs, newest first.
 */
export function redSince(now: FormerRow, former: readonly FormerRow[]): Since {
  const lookedAt = former.filter((row) => !isOutcome(row, "SKIP", "held"));
  const end = lookedAt.findIndex(wasNotRed);
  const reds = end < 0 ? lookedAt : lookedAt.slice(0, end);
  const first = reds.at(-1) ?? now;
  const before = reds[0];
  const green = former.find((row) => kindOf(row) === "PASS");
  return {
    run: first.run,
    at: first.at,
    runs: reds.length + 1,
    sameError: before === undefined ? null : isSameError(before.failure, now.failure),
    errorBefore: before?.failure ?? null,
    lastGreen: green === undefined ? null : { run: green.run, at: green.at, label: green.label },
  };
}

function wasNotRed(row: FormerRow): boolean {
  return kindOf(row) === "PASS" || isOutcome(row, "SKIP", "no-new-version", "never-released");
}

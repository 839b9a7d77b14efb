import { type Reason, type RefusalCode, reasonText } from "./outcome.ts";
import { oneLine } from "./text/one-line.ts";

/** A failed act: a value, never thrown. */
export interface Failure {
  /**
   * `recipe`: the deployed release is at fault. `timeout`: a limit was reached. `machinery`: the surroundings failed
   * (Docker away, a tool missing, a registry gone). `refused`: a foreign object is in the way. `interrupted`: the
   * operator asked to stop.
   */
  cause: "recipe" | "timeout" | "machinery" | "refused" | "interrupted";
  /** The act under way: `deploy`, `converge`, `health`, `backup` … */
  step: string;
  /** The first error, on one line, as printed. */
  message: string;
  /** With `refused`: the reason, if it has a code; the message says the same. */
  refusal?: Reason<RefusalCode>;
  /** The planted data was not found again: a test of the data said so, in whatever step. */
  isOfTest?: true;
  /** With `timeout`: the limit, and the last line seen. */
  limitMs?: number;
  lastSeen?: string;
}

export type ActResult<T = void> = { ok: true; value: T } | { ok: false; failure: Failure };

export const DONE: ActResult = { ok: true, value: undefined };

export function succeed<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}

export function fail(
  cause: Failure["cause"],
  step: string,
  message: string,
): { ok: false; failure: Failure } {
  return failed({ cause, step, message: oneLine(message) });
}

/** A refusal with a code, which the label names. */
export function refuseFor(step: string, refusal: Reason<RefusalCode>): { ok: false; failure: Failure } {
  return failed({ cause: "refused", step, message: oneLine(reasonText(refusal)), refusal });
}

export function failed(failure: Failure): { ok: false; failure: Failure } {
  return { ok: false, failure };
}

/** A failure on one line; for a time-out, with the limit and the last line seen. */
export function describeFailure(failure: Failure): string {
  const { lastSeen, message, step } = failure;
  const isSaid = lastSeen === undefined || message.includes("last seen: ");
  return oneLine(`${step}: ${message}${isSaid ? "" : `; last seen: ${lastSeen}`}`, 600);
}

import type { Step } from "../command/step.ts";
import { oneLine } from "../core/label.ts";
import type { Failure, Outcome } from "./driver.ts";

export const DONE: Outcome = { ok: true, value: undefined };

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

export function failed(failure: Failure): { ok: false; failure: Failure } {
  return { ok: false, failure };
}

/** What a limit or an interrupt leaves to say; null while there is time. */
export function failureOfTime(step: Step, what: string, lastSeen: string): Failure | null {
  if (step.signal.aborted) return { cause: "interrupted", step: what, message: `interrupted during ${what}` };
  if (step.clock.now() < step.deadline.at) return null;
  const { setting, limitMs } = step.deadline;
  return {
    cause: "timeout",
    step: what,
    message: `${what} did not end within ${limitMs / 1000} s (${setting})`,
    limitMs,
    lastSeen: oneLine(lastSeen),
  };
}

/** A failure on one line, with the limit and the last thing seen where it was a time-out. */
export function describeFailure(failure: Failure): string {
  const { lastSeen, message, step } = failure;
  const isSaid = lastSeen === undefined || message.includes("last seen: ");
  return oneLine(`${step}: ${message}${isSaid ? "" : `; last seen: ${lastSeen}`}`, 600);
}

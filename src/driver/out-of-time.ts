import type { Step } from "../command/step.ts";
import type { Failure } from "../core/act.ts";
import { oneLine } from "../core/text/one-line.ts";

/** The failure after a limit or an interrupt; null while there is time. */
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

import type { CommandResult } from "../command/run.ts";
import type { Asking } from "../command/step.ts";
import type { ActResult, Failure } from "../core/act.ts";
import { certainSign } from "../core/cause/machinery-signature.ts";
import { formatDuration } from "../core/duration.ts";
import { oneLine } from "../core/text/one-line.ts";
import { Fault } from "../fault.ts";
import { firstErrorLine } from "./client-words.ts";

/** Carries a failure to the edge of the driver, where it becomes a value again. */
export class ActFailed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = "ActFailed";
    this.failure = failure;
  }
}

/** Runs an act and turns a failure of the recipe, of Docker or of a tool into a value. Bugs are thrown on. */
export async function attempt<T>(step: string, act: () => Promise<T>): Promise<ActResult<T>> {
  try {
    return { ok: true, value: await act() };
  } catch (error) {
    if (error instanceof ActFailed)
      return { ok: false, failure: { ...error.failure, step: error.failure.step || step } };
    if (error instanceof Fault && error.code === "machinery")
      return { ok: false, failure: { cause: "machinery", step, message: oneLine(error.message) } };
    throw error;
  }
}

/** The result of a command that had to succeed; otherwise throws `ActFailed` with the first error, as printed. */
export function demand(result: CommandResult, asking: Asking): CommandResult {
  if (result.ok) return result;
  throw new ActFailed(failureOfCommand(result, asking));
}

export function recipeFailure(message: string): ActFailed {
  return new ActFailed({ cause: "recipe", step: "", message: oneLine(message) });
}

export function machineryFailure(message: string): ActFailed {
  return new ActFailed({ cause: "machinery", step: "", message: oneLine(message) });
}

/** A failure because something foreign is in the way. */
export function refusal(message: string): ActFailed {
  return new ActFailed({ cause: "refused", step: "", message: oneLine(message) });
}

export function timeOut(asking: Asking, lastSeen: string): ActFailed {
  const { limitMs, setting } = asking.deadline;
  const message = `not done within ${formatDuration(limitMs)} (${setting}); last seen: ${oneLine(lastSeen)}`;
  return new ActFailed({ cause: "timeout", step: "", message, limitMs, lastSeen: oneLine(lastSeen) });
}

export function interruption(): ActFailed {
  return new ActFailed({ cause: "interrupted", step: "", message: "ended because a stop was asked for" });
}

function failureOfCommand(result: CommandResult, asking: Asking): Failure {
  const output = `${result.stderr}\n${result.stdout}`;
  if (result.cancelled) return interruption().failure;
  if (result.timedOut)
    return timeOut(asking, result.lastSeen ?? `\`${result.command}\` had said nothing`).failure;
  const message = oneLine(
    result.notStarted ?? firstError(output) ?? `\`${result.command}\` failed without a word`,
  );
  const cause = result.notStarted !== null || isSurroundings(output) ? "machinery" : "recipe";
  return { cause, step: "", message };
}

const MISSING_TOOL = /command not found|executable file not found in \$PATH/i;

/** The first line that is an error and not progress, else the last line; null for empty output. */
export function firstError(output: string): string | null {
  const line = firstErrorLine(output);
  return line === null ? null : oneLine(line);
}

/** Whether Docker, its disk or a tool is at fault, rather than the request. */
export function isSurroundings(output: string): boolean {
  return certainSign(output, "deployer") !== null || MISSING_TOOL.test(output);
}

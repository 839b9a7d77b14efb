import type { CommandResult } from "../../command/run.ts";
import type { Step } from "../../command/step.ts";
import { type ActResult, type Failure, failed } from "../../core/act.ts";
import { certainSign } from "../../core/cause/machinery-signature.ts";
import { missingTool } from "../../core/cause/missing-tool.ts";
import { formatDuration } from "../../core/duration.ts";
import { firstError } from "../../core/text/first-error.ts";
import { oneLine } from "../../core/text/one-line.ts";
import { Fault, messageOf } from "../../fault.ts";

/** Limit of a command that only answers (`version`, `url`, `logs`, `inventory`). */
export const ANSWER_LIMIT = { setting: "the limit of an answer", limitMs: 30_000 } as const;

/** Why a command failed: whose fault it is, and the first error as printed. */
export function failureOf(result: CommandResult, name: string, step: Step): Failure {
  const output = outputOf(result);
  const failure = (cause: Failure["cause"], message: string): Failure => ({ cause, step: name, message });
  if (result.cancelled) return failure("interrupted", `\`${name}\` was ended because a stop was asked for`);
  if (result.timedOut) return timeOut(result, name, step);
  if (result.notStarted !== null) return failure("machinery", oneLine(result.notStarted));
  const tool = missingTool(output, result.exitCode);
  if (tool !== null)
    return failure("machinery", `\`${name}\` misses a tool: ${tool} (${firstError(output) ?? "no output"})`);
  const sign = certainSign(output, "host");
  if (sign !== null)
    return failure("machinery", `${sign.part} gives no answer, or stopped answering: ${sign.words}`);
  return failure("recipe", firstError(output) ?? `\`${name}\` said nothing and ${endOf(result)}`);
}

/** Runs work on the disk: a refusal by the file system is an outcome here, not the end of the sweep. */
export async function onDisk<T>(name: string, act: () => Promise<ActResult<T>>): Promise<ActResult<T>> {
  try {
    return await act();
  } catch (error) {
    const isOfDisk = error instanceof Fault || (error instanceof Error && "syscall" in error);
    if (!isOfDisk) throw error;
    return failed({ cause: "machinery", step: name, message: oneLine(messageOf(error)) });
  }
}

export function outputOf(result: CommandResult): string {
  return `${result.stderr}\n${result.stdout}`;
}

function timeOut(result: CommandResult, name: string, step: Step): Failure {
  const lastSeen = result.lastSeen === null ? "no output" : oneLine(result.lastSeen);
  // An answer has its own limit, which may end before the step's.
  const { limitMs, setting } = step.clock.now() < step.deadline.at ? ANSWER_LIMIT : step.deadline;
  const message = `\`${name}\` did not end within ${formatDuration(limitMs)} (${setting}); last seen: ${lastSeen}`;
  return { cause: "timeout", step: name, message, limitMs, lastSeen };
}

function endOf(result: CommandResult): string {
  return result.exitCode === null ? `was ended by ${result.signal}` : `exited with ${result.exitCode}`;
}

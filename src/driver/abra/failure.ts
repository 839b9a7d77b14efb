import type { CommandResult } from "../../command/run.ts";
import type { Step } from "../../command/step.ts";
import type { Failure } from "../../core/act.ts";
import { missingInside } from "../../core/cause/machinery-signature.ts";
import { missingTool } from "../../core/cause/missing-tool.ts";
import { lastLine } from "../../core/text/last-line.ts";
import { oneLine } from "../../core/text/one-line.ts";
import { ActFailed, interruption, isSurroundings, timeOut } from "../../docker/failure.ts";

/** The facts about a call of abra that decide whose fault its failure is. */
export interface FailedCall {
  act: string;
  output: string;
  /** Its output includes that of commands inside the app, where only the decisive line may name a missing tool. */
  runsInApp: boolean;
}

/**
 * Why a call of abra failed. Its exit code is always 1 and its errors go to standard output, so the first line of level
 * FATA decides.
 */
export function failureOfAbra(result: CommandResult, call: FailedCall, step: Step): ActFailed {
  if (result.cancelled) return interruption();
  if (result.timedOut)
    return timeOut(
      step,
      result.lastSeen ?? lastLine(call.output) ?? `abra had said nothing since ${call.act} began`,
    );
  if (result.notStarted !== null) return failure("machinery", call.act, `abra: ${result.notStarted}`);
  const message = firstError(call.output) ?? `abra said nothing and exited with ${result.exitCode}`;
  const tool = call.runsInApp ? missingInside(message)?.subject : missingTool(call.output, result.exitCode);
  if (tool != null)
    return failure(
      "machinery",
      call.act,
      `${call.runsInApp ? "a hook" : "abra"} misses a tool: ${tool} (${message})`,
    );
  return failure(causeOf(message), call.act, message);
}

/** The text of the first line of level FATA, else of ERRO, else of the first that mentions an error. */
export function firstError(output: string): string | null {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  for (const sign of [/^\s*FATA\b[:\s]*/, /^\s*ERRO\b[:\s]*/]) {
    const line = lines.find((candidate) => sign.test(candidate));
    if (line !== undefined) return oneLine(line.replace(sign, ""));
  }
  const telling = lines.find((line) => /error|fatal|cannot|failed|not found|denied|refused/i.test(line));
  const line = telling ?? lines.at(-1);
  return line === undefined ? null : oneLine(line);
}

const SURROUNDINGS =
  /no such host|i\/o timeout|tls handshake|\bdial (?:tcp|unix)|connection refused|toomanyrequests|\bssh:|\bno backup-?bot\b|backup-?bot .*not (?:found|deployed|running)|not a tty|no server named|^unknown (?:flag|command|shorthand)/i;

function causeOf(message: string): Failure["cause"] {
  if (/is already deployed/.test(message)) return "refused";
  return isSurroundings(message) || SURROUNDINGS.test(message) ? "machinery" : "recipe";
}

function failure(cause: Failure["cause"], step: string, message: string): ActFailed {
  return new ActFailed({ cause, step, message: oneLine(message) });
}

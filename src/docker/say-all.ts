import type { CommandResult } from "../command/run.ts";
import type { Step } from "../command/step.ts";

/** Writes all that a captured command said into its step's log, at once: a line alone costs as much as all of them. */
export function sayAll({ stdout, stderr }: Pick<CommandResult, "stdout" | "stderr">, step: Step): void {
  const lines = `${stdout}\n${stderr}`.split("\n").filter((line) => line.trim() !== "");
  if (lines.length > 0) step.say(lines.join("\n"));
}

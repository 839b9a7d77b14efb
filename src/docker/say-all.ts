import type { CommandResult } from "../command/run.ts";
import type { Step } from "../command/step.ts";

/** Writes the output of a captured command into its step's log in one go: one line costs as much as all of them. */
export function sayAll({ stdout, stderr }: Pick<CommandResult, "stdout" | "stderr">, step: Step): void {
  const lines = `${stdout}\n${stderr}`.split("\n").filter((line) => line.trim() !== "");
  if (lines.length > 0) step.say(lines.join("\n"));
}

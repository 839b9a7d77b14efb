import { EXIT } from "../../core/exit.ts";
import { Fault } from "../../fault.ts";
import { bashScript } from "../completion/bash.ts";
import { type CompletedCommand, completedOptions } from "../completion/completed-command.ts";
import { fishScript } from "../completion/fish.ts";
import { zshScript } from "../completion/zsh.ts";
import type { CommandDefinition } from "../definition.ts";
import { GLOBAL_OPTIONS } from "../global-options.ts";
import { type Invocation, textArgument } from "../invocation.ts";

const SCRIPTS: Readonly<Record<string, typeof bashScript>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** `completion SHELL`: prints the script that completes these commands. */
export async function runCompletion(
  invocation: Invocation,
  commands: readonly CommandDefinition[],
): Promise<number> {
  const shell = textArgument(invocation, 0) ?? "";
  const script = SCRIPTS[shell];
  if (script === undefined) throw new Fault("usage", `no completion for '${shell}'`, "bash, zsh or fish");
  invocation.surroundings.stdout.write(script(completedCommands(commands), completedOptions(GLOBAL_OPTIONS)));
  return EXIT.ok;
}

function completedCommands(commands: readonly CommandDefinition[]): CompletedCommand[] {
  return commands.map((command) => ({
    name: command.name,
    summary: command.summary,
    options: completedOptions(command.options ?? []),
    takesRecipes: (command.arguments ?? []).some((argument) => argument.completes === "recipe"),
    words: command.name === "completion" ? Object.keys(SCRIPTS) : command.name === "show" ? ["latest"] : [],
  }));
}

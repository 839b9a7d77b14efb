import type { ExitCode } from "../core/exit.ts";
import type { Invocation } from "./invocation.ts";

/** What the completion of a shell offers for an argument. */
export type Completes = "recipe" | "run" | "shell" | "file";

export interface ArgumentDefinition {
  /** As commander wants it: `<RECIPE>`, `[RECIPE...]`. */
  form: string;
  about: string;
  completes?: Completes;
}

export interface OptionDefinition {
  /** As commander wants it: `--tag <TAG>`, `--no-sync`. */
  flags: string;
  about: string;
  choices?: readonly string[];
  required?: boolean;
  completes?: Completes;
}

/** Runs a command and returns the exit code. */
export type CommandAction = (invocation: Invocation) => Promise<number>;

/** A command as data: the help, the parser, the checks and the completion all come from it. */
export interface CommandDefinition {
  name: string;
  summary: string;
  /** One paragraph: what it does and what it does not. */
  about: string;
  arguments?: readonly ArgumentDefinition[];
  options?: readonly OptionDefinition[];
  examples: readonly (readonly [command: string, does: string])[];
  exits: readonly ExitCode[];
  /** Where a code means something else here than in general. */
  exitMeanings?: Partial<Record<ExitCode, string>>;
  /** What contradicts in this invocation; all of it at once. */
  faults?(invocation: Invocation): string[];
  /** Loads the command's own code: nothing of it is loaded for another command, for help or for a version. */
  load(): Promise<CommandAction>;
}

export interface CommandGroup {
  title: string;
  commands: readonly CommandDefinition[];
}

import type { ExitCode } from "../core/exit.ts";
import type { Invocation } from "./invocation.ts";

/** The candidates that a shell's completion offers for an argument. */
export type Completes = "recipe" | "run" | "shell" | "file";

export interface ArgumentDefinition {
  /** In commander's notation: `<RECIPE>`, `[RECIPE...]`. */
  form: string;
  about: string;
  completes?: Completes;
}

export interface OptionDefinition {
  /** In commander's notation: `--tag <TAG>`, `--no-sync`. */
  flags: string;
  about: string;
  choices?: readonly string[];
  required?: boolean;
  completes?: Completes;
}

/** Runs a command and returns the exit code. */
export type CommandAction = (invocation: Invocation) => Promise<number>;

/** A command as data, the source of its help, parser, checks and completion. */
export interface CommandDefinition {
  name: string;
  summary: string;
  /** One paragraph: what the command does, and what it does not do. */
  about: string;
  arguments?: readonly ArgumentDefinition[];
  options?: readonly OptionDefinition[];
  examples: readonly (readonly [command: string, does: string])[];
  exits: readonly ExitCode[];
  /** Exit codes with a special meaning here. */
  exitMeanings?: Partial<Record<ExitCode, string>>;
  /** All contradictions in this invocation. */
  faults?(invocation: Invocation): string[];
  /** Loads the command's own code, which no other command, help or version output needs. */
  load(): Promise<CommandAction>;
}

export interface CommandGroup {
  title: string;
  commands: readonly CommandDefinition[];
}

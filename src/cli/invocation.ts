import type { Clock } from "../log.ts";

export interface Output {
  write(text: string): void;
  isTerminal: boolean;
  /** The columns of the terminal; 80 without one. */
  columns(): number;
}

/** Everything that a command may know of the outside world; only `main.ts` makes one. */
export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** The user's home folder. */
  home: string;
  clock: Clock;
  stdout: Output;
  stderr: Output;
  program: { name: string; version: string; node: string };
  /** How this program was started: the Node, and the file as named, without following links. */
  self: { node: string; program: string };
  /**
   * Takes over Ctrl-C and TERM: the first one aborts the signal, with its name as the reason; the second one ends the
   * program at once and prints the result of `leftBehind`. A closed terminal (HUP) counts as a first TERM. Before the
   * first call each of them simply ends the program.
   */
  listenForStop(leftBehind: () => string[]): AbortSignal;
  /** From now on HUP triggers this instead of counting as a closed terminal; call it after `listenForStop`. */
  listenForReload(reload: () => void): void;
}

export interface GlobalOptions {
  config: string | null;
  state: string | null;
  json: boolean;
  quiet: boolean;
  verbose: boolean;
}

/** A command as typed. */
export interface Invocation {
  /** By position; a variadic argument is an array, a missing one is undefined. */
  arguments: readonly (string | string[] | undefined)[];
  options: Readonly<Record<string, unknown>>;
  global: GlobalOptions;
  surroundings: Surroundings;
}

/** The text of an option, or null if it was not given. */
export function textOption(invocation: Invocation, name: string): string | null {
  const value = invocation.options[name];
  return typeof value === "string" ? value : null;
}

export function flagOption(invocation: Invocation, name: string): boolean {
  return invocation.options[name] === true;
}

export function listOption(invocation: Invocation, name: string): string[] {
  const value = invocation.options[name];
  return Array.isArray(value) ? value.map(String) : [];
}

/** The argument at a position, or null if it was not given. */
export function textArgument(invocation: Invocation, position: number): string | null {
  const value = invocation.arguments[position];
  return typeof value === "string" ? value : null;
}

export function listArgument(invocation: Invocation, position: number): string[] {
  const value = invocation.arguments[position];
  return Array.isArray(value) ? value : [];
}

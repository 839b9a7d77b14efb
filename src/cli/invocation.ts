import type { Clock } from "../log.ts";

export interface Output {
  write(text: string): void;
  isTerminal: boolean;
  /** The columns of the terminal; 80 where there is none. */
  columns(): number;
}

/** All that a command may know of the world outside; only `main.ts` makes one. */
export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** The home folder of the user. */
  home: string;
  clock: Clock;
  stdout: Output;
  stderr: Output;
  program: { name: string; version: string; node: string };
  /** How this program was started: the Node, and the file as it was named, links not followed. */
  self: { node: string; program: string };
  /**
   * Takes over Ctrl-C and TERM: the first one aborts the signal, whose reason is the signal's name, the second
   * one ends the program at once and says what `leftBehind` returns. A closed terminal (HUP) counts as a first
   * TERM. Before the first call each of them simply ends the program.
   */
  listenForStop(leftBehind: () => string[]): AbortSignal;
  /** From now on HUP asks for this, and is no longer a closed terminal; after `listenForStop`. */
  listenForReload(reload: () => void): void;
}

export interface GlobalOptions {
  config: string | null;
  state: string | null;
  json: boolean;
  quiet: boolean;
  verbose: boolean;
}

/** A command as it was typed. */
export interface Invocation {
  /** By position; a variadic argument is an array, a missing one undefined. */
  arguments: readonly (string | string[] | undefined)[];
  options: Readonly<Record<string, unknown>>;
  global: GlobalOptions;
  surroundings: Surroundings;
}

/** The text of an option, or null where it was not given. */
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

/** The argument at a position, or null where it was not given. */
export function textArgument(invocation: Invocation, position: number): string | null {
  const value = invocation.arguments[position];
  return typeof value === "string" ? value : null;
}

export function listArgument(invocation: Invocation, position: number): string[] {
  const value = invocation.arguments[position];
  return Array.isArray(value) ? value : [];
}

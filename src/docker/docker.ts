import { Environment } from "../command/environment.ts";
import { type CommandResult, runCommand } from "../command/run.ts";
import type { Asking, Step } from "../command/step.ts";
import { BOUNDS } from "../core/bounds.ts";
import { demand } from "./failure.ts";

export interface DockerOptions {
  /** Absolute path of the client. */
  file: string;
  /** The context of the lane. */
  context: string;
  searchPath: string;
  /** The operator's home folder, which holds the contexts and the credentials. */
  home: string;
  /** The run that the client's processes belong to. */
  run?: string | null;
}

export interface Act {
  /** Text for standard input: the way for secrets, since every user can read an argv. */
  input?: string;
  /** Keeps the output out of the step's log. */
  capture?: boolean;
}

/** The docker client of one lane: the only place that spells its global options. */
export interface Docker {
  readonly context: string;
  /** The argv of a docker command, for another program to start. */
  argv(args: readonly string[]): { file: string; args: string[]; env: Environment };
  /** Runs a command that changes something, and records it in the step. The caller judges a failure. */
  act(step: Step, args: readonly string[], more?: Act): Promise<CommandResult>;
  /** Asks something, unrecorded: for questions that are repeated many times. */
  look(asking: Asking, args: readonly string[]): Promise<CommandResult>;
  /** The lines that a question printed; throws `ActFailed` if Docker gives no answer. */
  lines(asking: Asking, args: readonly string[]): Promise<string[]>;
  /** Calls back for every line of a command that runs until `stop`. */
  follow(asking: Asking, args: readonly string[], onLine: (line: string) => void): Following;
}

export interface Following {
  /** Resolves when the command has ended, by itself or after `stop`. */
  ended: Promise<CommandResult>;
  stop(): Promise<void>;
}

export function createDocker(options: DockerOptions): Docker {
  const global = options.context === "default" ? [] : ["--context", options.context];
  const { file, home, searchPath } = options;
  const env = Environment.of("docker", { searchPath, home, run: options.run ?? null });
  const command = (args: readonly string[]) => ({ file, args: [...global, ...args], cwd: "/", env });
  const look = (asking: Asking, args: readonly string[]) =>
    runCommand({ ...command(args), deadline: asking.deadline, signal: asking.signal }, asking.clock);
  return {
    context: options.context,
    argv: command,
    act: (step, args, more = {}) => step.run({ ...command(args), ...more }),
    look,
    lines: async (asking, args) => nonEmptyLines(demand(await look(asking, args), asking).stdout),
    follow: (asking, args, onLine) => follow(command(args), asking, onLine),
  };
}

export function nonEmptyLines(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

function follow(
  command: { file: string; args: string[]; cwd: string; env: Environment },
  asking: Asking,
  onLine: (line: string) => void,
): Following {
  const stopping = new AbortController();
  let rest = "";
  const onOutput = (text: string) => {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    // A longer line is an event with huge labels, which nobody waits for.
    if (rest.length > BOUNDS.eventBytes) rest = "";
    for (const line of lines) if (line !== "") onLine(line);
  };
  const signal = AbortSignal.any([asking.signal, stopping.signal]);
  const ended = runCommand({ ...command, deadline: asking.deadline, signal, onOutput }, asking.clock);
  return {
    ended,
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}

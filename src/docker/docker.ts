import { Environment } from "../command/environment.ts";
import { type CommandResult, runCommand } from "../command/run.ts";
import type { Asking, Step } from "../command/step.ts";
import { BOUNDS } from "../core/bounds.ts";
import { demand } from "./failure.ts";

export interface DockerOptions {
  /** The client, absolute. */
  file: string;
  /** The context of the lane. */
  context: string;
  searchPath: string;
  /** The operator's home folder, which has the contexts and the credentials. */
  home: string;
  /** The run that its processes belong to. */
  run?: string | null;
}

export interface Act {
  /** Goes to standard input: the way for secrets, which an argv would show to every user. */
  input?: string;
  /** Keeps the output out of the step's log. */
  capture?: boolean;
}

/** The docker client of one lane: the only place that spells its global options. */
export interface Docker {
  readonly context: string;
  /** The argv of a docker command, for other programs that start it. */
  argv(args: readonly string[]): { file: string; args: string[]; env: Environment };
  /** Runs what changes something: recorded in the step. What a failure means is for the caller to say. */
  act(step: Step, args: readonly string[], more?: Act): Promise<CommandResult>;
  /** Asks something, unrecorded: for looks that are repeated many times. */
  look(asking: Asking, args: readonly string[]): Promise<CommandResult>;
  /** The lines that a question printed; throws `ActFailed` when Docker gives no answer. */
  lines(asking: Asking, args: readonly string[]): Promise<string[]>;
  /** Calls back for every line of a command that goes on until `stop`. */
  follow(asking: Asking, args: readonly string[], onLine: (line: string) => void): Following;
}

export interface Following {
  /** Resolves when the command has ended, by itself or by `stop`. */
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
    // What labels make longer than that is no event that anybody waits for.
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

import { randomBytes } from "node:crypto";
import type { Clock, Log } from "../log.ts";
import { type Deadline, earliest } from "./deadline.ts";
import { type CommandResult, type CommandSpec, runCommand } from "./run.ts";

/** A command as a driver or a tier gives it: where it logs and how long it may take is the step's business. */
export type StepCommand = Omit<CommandSpec, "deadline" | "signal" | "logFile" | "mark"> & {
  /** Ends the command earlier than the step. */
  deadline?: Deadline | undefined;
  /** Keeps both outputs apart and returns them, instead of writing them to the step's log. */
  capture?: boolean;
  /** What is shown instead of the argv, where that would be long or secret. */
  shownAs?: string;
};

/** One command that was run: a line of the brief's command sequence. */
export interface CommandRecord {
  step: string;
  command: string;
  exitCode: number | null;
  timedOut: boolean;
  startedAt: string;
  durationMs: number;
}

/**
 * A part of a cold test or of a promotion, with a limit, a log and a memory: what it runs is recorded, written
 * to disk without secrets, and ended with its whole group when the limit is reached.
 */
export interface Step {
  /** `install`, `upgrade`, `promote` …: also the name of its log. */
  readonly name: string;
  readonly deadline: Deadline;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
  run(command: StepCommand): Promise<CommandResult>;
  /** Writes a line, or several at once, into the step's log: what was waited for, what was seen. */
  say(lines: string): void;
  /** What did not stop anything, but should stand in the report. */
  warn(line: string): void;
  /** What belongs to the result itself: it stands in the row's detail. */
  note(line: string): void;
  /** From now on this text is never written anywhere. */
  secret(value: string): void;
  /** The same step with an earlier limit. */
  within(deadline: Deadline): Step;
}

export interface StepSink {
  logFile: string;
  record(entry: CommandRecord): void;
  /** Appends one line, or several at once. */
  append(lines: string): void;
  warn(line: string): void;
  note(line: string): void;
  secret(value: string): void;
  /** Takes the secrets out of what a command has written; called after each one. */
  redactLog(): void;
}

export interface StepOptions {
  name: string;
  deadline: Deadline;
  signal: AbortSignal;
  clock: Clock;
  log: Log;
  sink: StepSink;
  /** The id of the run: marks every child. */
  run: string;
}

/** Makes a step; `sink` is where its log, its warnings and its command records go. */
export function createStep(options: StepOptions): Step {
  const { sink } = options;
  return {
    name: options.name,
    deadline: options.deadline,
    signal: options.signal,
    clock: options.clock,
    log: options.log,
    run: (command) => runRecorded(command, options),
    say: (lines) => sink.append(lines),
    warn: (line) => sink.warn(line),
    note: (line) => sink.note(line),
    secret: (value) => sink.secret(value),
    within: (deadline) => createStep({ ...options, deadline: earliest(options.deadline, deadline) }),
  };
}

async function runRecorded(command: StepCommand, options: StepOptions): Promise<CommandResult> {
  const { sink, clock } = options;
  const { capture, shownAs, deadline, ...spec } = command;
  const mark = `${options.run}/${randomBytes(6).toString("hex")}`;
  const shown = shownAs ?? [spec.file, ...spec.args].join(" ");
  sink.append(`$ ${shown}`);
  const result = await runCommand(
    {
      ...spec,
      env: spec.env.marked(options.run, mark),
      deadline: deadline === undefined ? options.deadline : earliest(options.deadline, deadline),
      signal: options.signal,
      ...(capture ? {} : { logFile: sink.logFile }),
      mark: `SWEEP_STEP=${mark}`,
    },
    clock,
  );
  if (!capture) sink.redactLog();
  sink.record({
    step: options.name,
    command: shown,
    exitCode: result.exitCode,
    timedOut: result.timedOut,
    startedAt: result.startedAt,
    durationMs: result.durationMs,
  });
  return { ...result, command: shown };
}

/** The bounds of a question that only looks; a `Step` is one. */
export type Asking = Pick<Step, "deadline" | "signal" | "clock">;

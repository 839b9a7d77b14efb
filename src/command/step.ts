import { randomBytes } from "node:crypto";
import type { EndedCommand } from "../core/text/step-output.ts";
import type { Clock, Log } from "../log.ts";
import { type Deadline, earliest } from "./deadline.ts";
import { type CommandResult, type CommandSpec, runCommand } from "./run.ts";

/** A command as a driver or a tier gives it; the step adds the log and the limit. */
export type StepCommand = Omit<CommandSpec, "deadline" | "signal" | "logFile" | "mark"> & {
  /** An earlier end for the command than the step's. */
  deadline?: Deadline | undefined;
  /** Returns both outputs separately instead of writing them to the step's log. */
  capture?: boolean;
  /** Shown instead of an argv that is long or secret. */
  shownAs?: string;
};

/** One command that was run: a line in the brief's command sequence. */
export interface CommandRecord extends EndedCommand {
  startedAt: string;
  durationMs: number;
}

/**
 * A part of a cold test or of a promotion, with a limit and a log. It records its commands, writes their output to disk
 * without secrets, and ends each with its whole group at the limit.
 */
export interface Step {
  /** `install`, `upgrade`, `promote` …; also the name of the log. */
  readonly name: string;
  readonly deadline: Deadline;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
  run(command: StepCommand): Promise<CommandResult>;
  /** Writes one or several lines into the step's log: things waited for, things seen. */
  say(lines: string): void;
  /** Adds to the report something that did not stop the step. */
  warn(line: string): void;
  /** Adds a part of the result itself: it goes into the row's detail. */
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
  /** Removes secrets from a command's output in the log; called after each command. */
  redactLog(): void;
}

export interface StepOptions {
  name: string;
  deadline: Deadline;
  signal: AbortSignal;
  clock: Clock;
  log: Log;
  sink: StepSink;
  /** The id of the run, which marks every child. */
  run: string;
}

/** Makes a step; `sink` receives its log, its warnings and its command records. */
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

/** Limits of a question that only looks; every `Step` has them. */
export type Asking = Pick<Step, "deadline" | "signal" | "clock">;

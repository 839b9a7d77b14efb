import { setImmediate as nextTurn } from "node:timers/promises";
import { BOUNDS } from "../core/bounds.ts";
import { lastLine } from "../core/text/last-line.ts";
import { messageOf } from "../fault.ts";
import type { Clock } from "../log.ts";
import { anonymousFile, type OpenFile, openForAppend } from "../state/open-file.ts";
import type { Deadline } from "./deadline.ts";
import type { Environment } from "./environment.ts";
import { endGroup, endMarked, groupLeaves } from "./process-group.ts";
import { keepShort, keepShortUntilGone } from "./short-output.ts";

export interface CommandSpec {
  /** An absolute path: names are resolved by the tool declaration, never by a PATH. */
  file: string;
  args: readonly string[];
  cwd: string;
  /** The whole environment of the child: nothing is inherited. */
  env: Environment;
  deadline: Deadline;
  /** Ends the command, with its whole group. */
  signal?: AbortSignal | undefined;
  /** Where both outputs are appended; without it they are kept in files without a name. */
  logFile?: string | undefined;
  /** Written to the child's standard input, which is empty otherwise. */
  input?: string | undefined;
  /** An open descriptor that the child gets as fd 3. */
  fd3?: number | undefined;
  /** `NAME=value` of `env` that marks the child and all that it leaves behind: a time-out ends them too. */
  mark?: string | undefined;
  /** How long it has between TERM and KILL, in milliseconds; 5 seconds where nothing is said. */
  graceMs?: number | undefined;
  /** An open descriptor that it gets as its standard error, which then stands in no log and no result. */
  errorFd?: number | undefined;
  /** Gets the process id, which is its group's too, once it runs. */
  onStart?: ((pid: number) => void) | undefined;
  /** All that it started ends with it, also what went into a session of its own and has the `mark`. */
  leavesNothing?: boolean | undefined;
  /** So much of each output is returned, 4 MiB where nothing is said; at most twice of it is on disk. */
  keepBytes?: number | undefined;
  /** Gets the standard output as it comes, which then stands neither in the log nor in the result. */
  onOutput?: ((text: string) => void) | undefined;
}

export interface CommandResult {
  /** The command as a person would type it. */
  command: string;
  /** Exited with 0, within its limit. */
  ok: boolean;
  exitCode: number | null;
  signal: string | null;
  timedOut: boolean;
  cancelled: boolean;
  /** Why it could not be started at all: a missing tool, no permission. */
  notStarted: string | null;
  startedAt: string;
  durationMs: number;
  /** The last `keepBytes` at most. With `logFile` both outputs stand here, in the order of their writing. */
  stdout: string;
  /** All that was written to standard output stands in `stdout`. */
  isWhole: boolean;
  /** Empty with `logFile`. */
  stderr: string;
  /**
   * The last line that it had written when its limit, or a stop, ended it; null where it ended by itself, or had
   * said nothing. What shells say of children that were killed comes later.
   */
  lastSeen: string | null;
}

/** How long what a command left may take to make a session of its own, in milliseconds. */
const LEAVE_MS = 2_000;

/**
 * Runs one command in a process group of its own, without a shell. Its deadline is on the wall clock and ends
 * the whole group (TERM, then KILL); so does `signal`. What is left in the group when the command has ended
 * is ended too; only what went into a session of its own outlives it. A child that fails is a value, not an
 * error: what its exit code means is for the caller to say. Of a child that prints for ever the disk keeps
 * the first and the last of its output.
 */
export async function runCommand(spec: CommandSpec, clock: Clock): Promise<CommandResult> {
  const startedMs = clock.now();
  const out = spec.logFile === undefined ? anonymousFile() : openForAppend(spec.logFile);
  const err = spec.logFile === undefined ? anonymousFile() : out;
  const keepBytes = spec.keepBytes ?? BOUNDS.outputBytes;
  const files = new Set([out, err]);
  const endShortening = keepShort(files, keepBytes);
  try {
    const end = spec.signal?.aborted ? CANCELLED : await runInGroup(spec, out, err, clock);
    endShortening();
    return {
      command: [spec.file, ...spec.args].join(" "),
      ...end,
      startedAt: new Date(startedMs).toISOString(),
      durationMs: clock.now() - startedMs,
      stdout: out.readNew(keepBytes),
      isWhole: out.isWithin(keepBytes),
      stderr: err === out ? "" : err.readNew(keepBytes),
    };
  } finally {
    endShortening();
    const mayBeWrittenOn = spec.logFile !== undefined && spec.leavesNothing !== true;
    if (mayBeWrittenOn && spec.mark !== undefined) keepShortUntilGone(out, keepBytes, spec.mark);
    else for (const file of files) file.close();
  }
}

type End = Pick<
  CommandResult,
  "ok" | "exitCode" | "signal" | "timedOut" | "cancelled" | "notStarted" | "lastSeen"
>;

const CANCELLED: End = {
  ok: false,
  exitCode: null,
  signal: null,
  timedOut: false,
  cancelled: true,
  notStarted: null,
  lastSeen: null,
};

/** A last line is looked for in so many bytes. */
const LAST_BYTES = 4096;

async function runInGroup(spec: CommandSpec, out: OpenFile, err: OpenFile, clock: Clock): Promise<End> {
  // Loaded with the first command: what runs none (`plan --no-sync`, `status`) answers in half the time.
  const { execa } = await import("execa");
  if (spec.signal?.aborted) return CANCELLED;
  const stdin = spec.input === undefined ? "ignore" : "pipe";
  const child = execa(spec.file, [...spec.args], {
    cwd: spec.cwd,
    env: spec.env.variables,
    extendEnv: false,
    reject: false,
    detached: true,
    cleanup: false,
    buffer: false,
    ...(spec.input === undefined ? {} : { input: spec.input }),
    stdio: [
      stdin,
      spec.onOutput === undefined ? descriptor(out.fd) : "pipe",
      descriptor(spec.errorFd ?? err.fd),
      ...(spec.fd3 === undefined ? [] : [descriptor(spec.fd3)]),
    ],
  });
  if (spec.onOutput !== undefined) child.stdout?.setEncoding("utf8").on("data", spec.onOutput);
  if (child.pid !== undefined) spec.onStart?.(child.pid);
  const lastSeen = () => lastLine(out.readNew(LAST_BYTES)) ?? lastLine(err.readNew(LAST_BYTES));
  const watch = watchLimits(spec, child.pid, clock, lastSeen);
  const result = await child;
  await watch.finish();
  // An ended child is only let go of when the event loop comes round, which a row of quick commands keeps it from.
  await nextTurn();
  return {
    ok: result.exitCode === 0 && watch.cause === null,
    exitCode: result.exitCode ?? null,
    signal: result.signal ?? null,
    timedOut: watch.cause === "deadline",
    cancelled: watch.cause === "signal",
    notStarted: child.pid === undefined ? messageOf(result.cause ?? result) : null,
    lastSeen: watch.lastSeen,
  };
}

// execa takes every open descriptor; its types name only the first few.
function descriptor(fd: number): 3 {
  return fd as 3;
}

interface LimitWatch {
  cause: "deadline" | "signal" | null;
  lastSeen: string | null;
  /** Ends what is left of the group; call it when the direct child has ended. */
  finish(): Promise<void>;
}

function watchLimits(
  spec: CommandSpec,
  pid: number | undefined,
  clock: Clock,
  lastSeen: () => string | null,
): LimitWatch {
  let ending: Promise<void> | null = null;
  const watch: LimitWatch = {
    cause: null,
    lastSeen: null,
    finish: async () => {
      clearTimeout(timer);
      spec.signal?.removeEventListener("abort", onAbort);
      if (ending !== null) await ending;
      else if (pid !== undefined) await (spec.leavesNothing ? endAll(pid, spec.mark) : endWhatStays(pid));
    },
  };
  const end = (cause: "deadline" | "signal") => {
    if (pid === undefined || ending !== null) return;
    watch.cause = cause;
    watch.lastSeen = lastSeen();
    ending = endAll(pid, spec.mark, spec.graceMs);
  };
  const onAbort = () => end("signal");
  spec.signal?.addEventListener("abort", onAbort, { once: true });
  const timer = setTimeout(() => end("deadline"), Math.max(0, spec.deadline.at - clock.now()));
  return watch;
}

// `setsid app &` is still in the group when the shell that started it ends: it gets time to leave.
async function endWhatStays(pid: number): Promise<void> {
  if (!(await groupLeaves(pid, LEAVE_MS))) await endGroup(pid);
}

async function endAll(pid: number, mark: string | undefined, graceMs?: number): Promise<void> {
  await endGroup(pid, graceMs);
  if (mark !== undefined) await endMarked((environment) => environment.includes(mark));
}

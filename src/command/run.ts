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
  /** An absolute path: the tool declaration resolves names, never a PATH. */
  file: string;
  args: readonly string[];
  cwd: string;
  /** The complete environment of the child: nothing is inherited. */
  env: Environment;
  deadline: Deadline;
  /** Ends the command and its whole group. */
  signal?: AbortSignal | undefined;
  /** The file to which both outputs are appended; without it they go to unnamed files. */
  logFile?: string | undefined;
  /** Text for the child's standard input, which is otherwise empty. */
  input?: string | undefined;
  /** An open descriptor that the child gets as fd 3. */
  fd3?: number | undefined;
  /** `NAME=value` in `env` that marks the child and the processes it leaves behind: a time-out ends them too. */
  mark?: string | undefined;
  /** Time between TERM and KILL, in milliseconds (default 5 seconds). */
  graceMs?: number | undefined;
  /** An open descriptor for the child's standard error, which is then in no log and no result. */
  errorFd?: number | undefined;
  /** Receives the process id, also the id of its group, once the command runs. */
  onStart?: ((pid: number) => void) | undefined;
  /** Ends all processes that it started when it ends, including those with the `mark` in another session. */
  leavesNothing?: boolean | undefined;
  /** Bytes returned of each output (default 4 MiB); at most twice that is kept on disk. */
  keepBytes?: number | undefined;
  /** Receives the standard output as it comes, which is then neither in the log nor in the result. */
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
  /** Why it could not be started: a missing tool, no permission. */
  notStarted: string | null;
  startedAt: string;
  durationMs: number;
  /** At most the last `keepBytes`. With `logFile` it holds both outputs, in the order of their writing. */
  stdout: string;
  /** `stdout` holds the complete standard output. */
  isWhole: boolean;
  /** Empty with `logFile`. */
  stderr: string;
  /**
   * The last line written before a limit or a stop ended the command; null if it ended by itself or wrote nothing.
   * Shells' messages about killed children come later.
   */
  lastSeen: string | null;
}

/** How long a left process may take to move to its own session, in milliseconds. */
const LEAVE_MS = 2_000;

/**
 * Runs one command in its own process group, without a shell. Its deadline is on the wall clock and ends the whole
 * group (TERM, then KILL); so does `signal`. Processes still in the group after the command are ended too; only those
 * in another session outlive it. A failed child is a value, not an error: the caller judges its exit code. Of endless
 * output the disk keeps the beginning and the end.
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

/** Bytes in which to look for the last line. */
const LAST_BYTES = 4096;

async function runInGroup(spec: CommandSpec, out: OpenFile, err: OpenFile, clock: Clock): Promise<End> {
  // Loaded with the first command: `plan --no-sync` and `status` run none and answer in half the time.
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
  // Node releases an ended child only when the event loop turns, which a series of quick commands prevents.
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

// execa accepts every open descriptor; its types list only the first few.
function descriptor(fd: number): 3 {
  return fd as 3;
}

interface LimitWatch {
  cause: "deadline" | "signal" | null;
  lastSeen: string | null;
  /** Ends the rest of the group; call it after the direct child has ended. */
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

// `setsid app &` is still in the group when its shell ends: give it time to leave.
async function endWhatStays(pid: number): Promise<void> {
  if (!(await groupLeaves(pid, LEAVE_MS))) await endGroup(pid);
}

async function endAll(pid: number, mark: string | undefined, graceMs?: number): Promise<void> {
  await endGroup(pid, graceMs);
  if (mark !== undefined) await endMarked((environment) => environment.includes(mark));
}

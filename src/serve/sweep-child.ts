import { deadlineIn } from "../command/deadline.ts";
import { Environment } from "../command/environment.ts";
import { runCommand } from "../command/run.ts";
import type { Config } from "../config/config.ts";
import { EXIT } from "../core/exit.ts";
import type { Clock } from "../log.ts";
import { stopGrace } from "./stop-grace.ts";

/** The trigger of a sweep that the daemon fires, for its report. */
export type FireTrigger = "daemon" | "catch-up";

export interface SweepEnd {
  /** Null if a signal killed it, or if it could not be started. */
  exit: number | null;
  /** Explains an `exit` of null. */
  problem: string | null;
  /** Another run was at work, so nothing was done. */
  locked: boolean;
}

export interface SweepChild {
  /** The paths of Node and the program: the files now at these paths are run. */
  self: { node: string; program: string };
  /** Options before the command: `--state`, `--verbose`. */
  options: readonly string[];
  searchPath: string;
  home: string;
  clock: Clock;
  /** Asks it to finish or roll back the work under way. */
  signal: AbortSignal;
  onStart(pid: number): void;
}

/** Time to write its report after its own limit, in milliseconds. */
const LATE_MS = 30 * 60_000;

/** The daemon's child: a sweep, or a try to bring canonicals up. */
export type ChildCommand = "sweep" | "roll";

/**
 * One run in a separate process, which logs where the daemon does. It reads the configuration itself: the current one
 * on disk is in force. A stop sends TERM, and waits as long as a rollback may take.
 */
export async function sweepInChild(
  child: SweepChild,
  config: Config,
  trigger: FireTrigger,
  command: ChildCommand = "sweep",
): Promise<SweepEnd> {
  const { clock, home, options, searchPath, self, signal } = child;
  const result = await runCommand(
    {
      file: self.node,
      args: [self.program, "--config", config.folder, ...options, command],
      cwd: "/",
      env: Environment.of("sweep", { searchPath, home, trigger }),
      deadline: deadlineIn(clock, "timeouts.sweep", config.timeouts.sweep + LATE_MS),
      graceMs: stopGrace(config),
      signal,
      errorFd: 2,
      keepBytes: 64 * 1024,
      onStart: child.onStart,
    },
    clock,
  );
  const { exitCode, notStarted, signal: killedBy, timedOut } = result;
  const why = timedOut ? `its limit, timeouts.sweep, had to end it` : `${killedBy ?? "a signal"} killed it`;
  return {
    exit: exitCode,
    problem: exitCode === null ? (notStarted ?? why) : null,
    locked: exitCode === EXIT.locked,
  };
}

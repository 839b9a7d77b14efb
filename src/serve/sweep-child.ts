import { deadlineIn } from "../command/deadline.ts";
import { Environment } from "../command/environment.ts";
import { runCommand } from "../command/run.ts";
import type { Config } from "../config/config.ts";
import { EXIT } from "../core/exit.ts";
import type { Clock } from "../log.ts";
import { stopGrace } from "./stop-grace.ts";

/** Who started a sweep that the daemon fires, as the report says it. */
export type FireTrigger = "daemon" | "catch-up";

export interface SweepEnd {
  /** Null where a signal killed it, or it could not be started. */
  exit: number | null;
  /** What to say where `exit` is null. */
  problem: string | null;
  /** Another run was at work: nothing was done. */
  locked: boolean;
}

export interface SweepChild {
  /** The Node and the program, as they are named: what stands there now is what runs. */
  self: { node: string; program: string };
  /** Options that come before the command: `--state`, `--verbose`. */
  options: readonly string[];
  searchPath: string;
  home: string;
  clock: Clock;
  /** Asks it to finish or roll back what is under way. */
  signal: AbortSignal;
  onStart(pid: number): void;
}

/** Past its own limit it has this long to write its report, in milliseconds. */
const LATE_MS = 30 * 60_000;

/** What the daemon starts: a sweep, or a try to bring up what is down. */
export type ChildCommand = "sweep" | "roll";

/**
 * One run as a process of its own, which logs where the daemon does. It reads the configuration itself: what
 * stands on disk now is in force. A stop asks it with TERM, and waits for as long as a rollback may take.
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

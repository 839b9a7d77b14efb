import type { Config } from "../config/config.ts";
import type { LockHolder } from "../lock/lock-holder.ts";
import type { Clock, Log } from "../log.ts";
import type { DaemonRecord } from "./daemon-record.ts";
import type { FireTrigger, SweepEnd } from "./sweep-child.ts";

/** The parts of the daemon; tests supply another clock and other sweeps. */
export interface DaemonParts {
  clock: Clock;
  log: Pick<Log, "info" | "warn" | "error">;
  signal: AbortSignal;
  /** Waits this long, or until `wake` or the signal. */
  wait(milliseconds: number): Promise<void>;
  /** The current configuration on disk; throws a Fault if it is faulty. */
  load(): Config;
  /** When the last sweep that ended began, by whomever it was started. */
  lastSweep(): number | null;
  atWork(): LockHolder | null;
  keep(record: DaemonRecord): void;
  sweep(config: Config, trigger: FireTrigger): Promise<SweepEnd>;
  /** The recipes whose live canonical is down or whose promotion is unsettled; null while a run is at work. */
  down(): string[] | null;
  /** Tries to bring them up, in a separate process. */
  mend(config: Config): Promise<SweepEnd>;
}

import type { Config } from "../config/config.ts";
import type { LockHolder } from "../lock/lock-holder.ts";
import type { Clock, Log } from "../log.ts";
import type { DaemonRecord } from "./daemon-record.ts";
import type { FireTrigger, SweepEnd } from "./sweep-child.ts";

/** What the daemon is made of; the tests give it another clock and other sweeps. */
export interface DaemonParts {
  clock: Clock;
  log: Pick<Log, "info" | "warn" | "error">;
  signal: AbortSignal;
  /** Waits so long, or until `wake` or the signal. */
  wait(milliseconds: number): Promise<void>;
  /** The configuration as it stands on disk; throws a Fault where it is faulty. */
  load(): Config;
  /** When the last sweep that ended began, whoever started it. */
  lastSweep(): number | null;
  atWork(): LockHolder | null;
  keep(record: DaemonRecord): void;
  sweep(config: Config, trigger: FireTrigger): Promise<SweepEnd>;
  /** The recipes whose live canonical is down, or whose promotion is not settled; null while a run is at work. */
  down(): string[] | null;
  /** Tries to bring them up, as a process of its own. */
  mend(config: Config): Promise<SweepEnd>;
}

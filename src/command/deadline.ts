import type { Clock } from "../log.ts";

/** A limit on the wall clock, with the name of its setting. */
export interface Deadline {
  /** The setting that a time-out names, such as `timeouts.deploy`. */
  setting: string;
  limitMs: number;
  /** Milliseconds since the epoch. */
  at: number;
}

export function deadlineIn(clock: Clock, setting: string, limitMs: number): Deadline {
  return { setting, limitMs, at: clock.now() + limitMs };
}

/** The earliest of these deadlines. */
export function earliest(first: Deadline, ...others: Deadline[]): Deadline {
  return others.reduce((a, b) => (b.at < a.at ? b : a), first);
}

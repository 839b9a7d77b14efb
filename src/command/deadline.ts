import type { Clock } from "../log.ts";

/** A limit on the wall clock, with the name of the setting that it comes from. */
export interface Deadline {
  /** `timeouts.deploy`, say: what a time-out names. */
  setting: string;
  limitMs: number;
  /** Milliseconds since the epoch. */
  at: number;
}

export function deadlineIn(clock: Clock, setting: string, limitMs: number): Deadline {
  return { setting, limitMs, at: clock.now() + limitMs };
}

/** The deadline that comes first. */
export function earliest(first: Deadline, ...others: Deadline[]): Deadline {
  return others.reduce((a, b) => (b.at < a.at ? b : a), first);
}

import type { Logger } from "pino";

/** What the program logs with: pino's own type, so that inner code needs no more than this. */
export type Log = Pick<Logger, "debug" | "info" | "warn" | "error" | "child">;

/** The clock and the wait that inner code gets as an argument. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** `2026-06-17T05:03:14.123Z`. */
export function isoTime(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}

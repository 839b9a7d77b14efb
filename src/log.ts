import type { Logger } from "pino";

/** The logger type, a part of pino's, which is all that inner code needs. */
export type Log = Pick<Logger, "debug" | "info" | "warn" | "error" | "child">;

/** The clock that inner code receives as an argument. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** `2026-06-17T05:03:14.123Z`. */
export function isoTime(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}

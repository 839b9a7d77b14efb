import type { Config } from "../config/config.ts";
import type { DaemonParts } from "./daemon-parts.ts";

/**
 * Pauses before tries to bring a live canonical up, in milliseconds: 15 s at first, then doubled each time, at most 1
 * h.
 */
const FIRST_PAUSE_MS = 15_000;
const LONGEST_PAUSE_MS = 60 * 60_000;

/** The daemon's tries to bring up canonicals that are down, so that nobody waits for the next sweep. */
export interface Mending {
  /**
   * Looks for canonicals that are down, and returns the time of the next try (milliseconds since the epoch); null: no
   * try is due.
   */
  look(now: number): number | null;
  tryNow(config: Config): Promise<void>;
  /** The canonicals that are down and the time of the next try, in words; empty if none is down. */
  readonly doing: readonly string[];
}

export function createMending(parts: Pick<DaemonParts, "clock" | "down" | "log" | "mend">): Mending {
  let down: string[] = [];
  let tries = 0;
  let next: number | null = null;
  const pauseFrom = (now: number) => {
    next = now + Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS);
  };
  const names = () => down.join(", ");
  const look = (now: number) => {
    const before = new Set(down);
    const found = parts.down();
    // A run at work tries it itself: until it ends nothing is known, and nothing is due.
    if (found === null) return null;
    const more = found.filter((recipe) => !before.has(recipe));
    if (found.length === 0 && down.length > 0) parts.log.info(`${names()}: not down any longer`);
    down = found;
    if (found.length === 0) {
      tries = 0;
      next = null;
    } else if (more.length > 0) {
      // A canonical that has just gone down is tried soon, however long others have been down.
      tries = 0;
      pauseFrom(now);
      parts.log.error(
        `${more.join(", ")}: the live canonical is down, or its promotion is not settled; tried again from ${at(next)} on`,
      );
    }
    return next;
  };
  return {
    look,
    tryNow: async (config) => {
      parts.log.info(`${names()}: tries to bring the live canonical up`);
      const { exit, locked, problem } = await parts.mend(config);
      // Another run is at work, and has tried it itself.
      if (!locked) tries += 1;
      pauseFrom(parts.clock.now());
      look(parts.clock.now());
      if (down.length > 0)
        parts.log.error(
          `${names()}: still down (${locked ? "another run is at work" : (exit ?? problem)}); tried again at ${at(next)}`,
        );
    },
    get doing() {
      return down.length === 0 ? [] : [`${names()}: down, tried again at ${at(next)}`];
    },
  };
}

function at(next: number | null): string {
  return next === null ? "once" : new Date(next).toISOString();
}

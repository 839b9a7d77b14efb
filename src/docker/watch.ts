import type { Asking, Docker } from "./docker.ts";
import { type DockerEvent, followEvents } from "./events.ts";
import { ActFailed, interruption, timeOut } from "./failure.ts";

/** Some failures make no event (a missing image, no suitable node): so often is looked all the same. */
const BACKSTOP_MS = 250;
/** How long Docker may be away (restarting, say) before that is the end of a watch. */
const AWAY_MS = 5_000;

export type Look<T> =
  | { done: T }
  | { failed: ActFailed }
  /** `againInMs`: when the next look is due even if nothing happens. */
  | { waitingFor: string; againInMs?: number };

export interface Watch<T> {
  docker: Docker;
  /** From when on events count, as `daemonTime` gives it. */
  since: string;
  asking: Asking;
  onEvent?: (event: DockerEvent) => void;
  /** Is told what is waited for, once for each change. */
  say: (line: string) => void;
  look: () => Promise<Look<T>>;
}

/**
 * Looks again at each event, and at least every 250 ms, until the look is done. Throws `ActFailed` when it
 * throws, at the deadline (with what was last waited for), or when the operator stops it.
 */
export async function watch<T>(options: Watch<T>): Promise<T> {
  const bell = createBell(options.asking.signal);
  const following = followEvents(options.docker, options.since, options.asking, (event) => {
    options.onEvent?.(event);
    bell.ring();
  });
  try {
    return await lookUntilDone(options, bell);
  } finally {
    bell.close();
    await following.stop();
  }
}

async function lookUntilDone<T>(options: Watch<T>, bell: Bell): Promise<T> {
  const { asking, say } = options;
  let seen = "nothing yet";
  let awaySinceMs: number | null = null;
  for (;;) {
    if (asking.signal.aborted) throw interruption();
    if (asking.clock.now() >= asking.deadline.at) throw timeOut(asking, seen);
    const look = await lookOrAway(options, seen);
    if ("done" in look) return look.done;
    if ("failed" in look) throw look.failed;
    if ("away" in look) {
      awaySinceMs ??= asking.clock.now();
      if (asking.clock.now() - awaySinceMs > AWAY_MS) throw look.away;
      await bell.rings(BACKSTOP_MS);
      continue;
    }
    awaySinceMs = null;
    if (look.waitingFor !== seen) say(`waiting: ${look.waitingFor}`);
    seen = look.waitingFor;
    await bell.rings(
      Math.min(BACKSTOP_MS, look.againInMs ?? BACKSTOP_MS, asking.deadline.at - asking.clock.now()),
    );
  }
}

async function lookOrAway<T>(options: Watch<T>, seen: string): Promise<Look<T> | { away: ActFailed }> {
  try {
    return await options.look();
  } catch (error) {
    if (!(error instanceof ActFailed)) throw error;
    // The question was cut short, not the thing that is waited for.
    if (error.failure.cause === "timeout") throw timeOut(options.asking, seen);
    if (error.failure.cause === "machinery") return { away: error };
    throw error;
  }
}

interface Bell {
  ring(): void;
  /** Resolves at the next ring, also one since the last wait, or after so many milliseconds. */
  rings(withinMs: number): Promise<void>;
  close(): void;
}

function createBell(signal: AbortSignal): Bell {
  let rung = false;
  let wake = (): void => {};
  const ring = () => {
    rung = true;
    wake();
  };
  signal.addEventListener("abort", ring);
  return {
    ring,
    rings: (withinMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => wake(), Math.max(0, withinMs));
        wake = () => {
          clearTimeout(timer);
          rung = false;
          resolve();
        };
        if (rung) wake();
      }),
    close: () => signal.removeEventListener("abort", ring),
  };
}

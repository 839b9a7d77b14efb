import type { Asking } from "../../command/step.ts";
import type { Docker, Following } from "../docker.ts";
import { ActFailed, interruption, timeOut } from "../failure.ts";
import { type DockerEvent, daemonTime, followEvents } from "./events.ts";

/** Swarm may change a state this long after an event, without another event: looks are frequent for that time. */
const LIVELY_MS = 2_000;
const LIVELY_BACKSTOP_MS = 250;
/** Some failures send no event (a missing image, no suitable node): interval of looks without one. */
const BACKSTOP_MS = 1_000;
/** How long Docker may be away (restarting, say) before the watch ends. */
const AWAY_MS = 5_000;

export type Look<T> =
  | { done: T }
  | { failed: ActFailed }
  /** `againInMs`: the longest time until the next look, in place of the usual pause. */
  | { waitingFor: string; againInMs?: number };

export interface Watch<T> {
  docker: Docker;
  /**
   * Time from which events count, in the form of `daemonTime`. Without it the first look comes first, and events are
   * followed only if it does not end the watch: for work that is usually done at once.
   */
  since?: string;
  asking: Asking;
  /** Receives each event and returns whether it is worth a look; without it every event is. */
  onEvent?: (event: DockerEvent) => boolean;
  /** Receives the thing waited for, once for each change. */
  say: (line: string) => void;
  look: () => Promise<Look<T>>;
}

/**
 * Looks again at each event, often just after one and else every second, until the look is done. Throws `ActFailed`
 * from the look, at the deadline (with the last thing waited for), or when the operator stops it.
 */
export async function watch<T>(options: Watch<T>): Promise<T> {
  const { asking, docker, onEvent, since } = options;
  const bell = createBell(asking.signal);
  const followed: Following[] = [];
  const follow = (from: string) => {
    const onNext = (event: DockerEvent) => {
      if (onEvent?.(event) ?? true) bell.ring();
    };
    followed.push(followEvents(docker, from, asking, onNext));
  };
  if (since !== undefined) follow(since);
  try {
    return await lookUntilDone(options, bell, async () => {
      if (followed.length > 0) return false;
      follow(await daemonTime(docker, asking));
      return true;
    });
  } finally {
    bell.close();
    for (const following of followed) await following.stop();
  }
}

/** `beginToFollow` returns true if it has just begun: earlier changes sent no event to us, so look again. */
async function lookUntilDone<T>(
  options: Watch<T>,
  bell: Bell,
  beginToFollow: () => Promise<boolean>,
): Promise<T> {
  const { asking, say } = options;
  let seen = "nothing yet";
  let awaySinceMs: number | null = null;
  let rang = true;
  let lastRingMs = 0;
  for (;;) {
    if (asking.signal.aborted) throw interruption();
    if (asking.clock.now() >= asking.deadline.at) throw timeOut(asking, seen);
    const beganMs = asking.clock.now();
    const look = await lookOrAway(options, seen);
    if ("done" in look) return look.done;
    if ("failed" in look) throw look.failed;
    if ("away" in look) {
      awaySinceMs ??= asking.clock.now();
      if (asking.clock.now() - awaySinceMs > AWAY_MS) throw look.away;
      await bell.rings(LIVELY_BACKSTOP_MS);
      continue;
    }
    awaySinceMs = null;
    if (look.waitingFor !== seen) say(`waiting: ${look.waitingFor}`);
    seen = look.waitingFor;
    if (await beginToFollow()) continue;
    const nowMs = asking.clock.now();
    if (rang) lastRingMs = nowMs;
    const pause = pauseAfter(nowMs - beganMs, nowMs - lastRingMs);
    rang = await bell.rings(Math.min(look.againInMs ?? pause, asking.deadline.at - nowMs));
  }
}

/** Milliseconds. Slow looks mean a busy host, and looking must not add to the load. */
function pauseAfter(lookMs: number, sinceRingMs: number): number {
  return Math.max(sinceRingMs < LIVELY_MS ? LIVELY_BACKSTOP_MS : BACKSTOP_MS, 2 * lookMs);
}

async function lookOrAway<T>(options: Watch<T>, seen: string): Promise<Look<T> | { away: ActFailed }> {
  try {
    return await options.look();
  } catch (error) {
    if (!(error instanceof ActFailed)) throw error;
    // The question ran out of time, not the thing waited for.
    if (error.failure.cause === "timeout") throw timeOut(options.asking, seen);
    if (error.failure.cause === "machinery") return { away: error };
    throw error;
  }
}

interface Bell {
  ring(): void;
  /** Resolves at the next ring, including one since the last wait, or after `withinMs`; true if it rang. */
  rings(withinMs: number): Promise<boolean>;
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
          resolve(rung);
          rung = false;
        };
        if (rung) wake();
      }),
    close: () => signal.removeEventListener("abort", ring),
  };
}

import type { Asking } from "../../command/step.ts";
import type { Docker, Following } from "../docker.ts";
import { ActFailed, interruption, timeOut } from "../failure.ts";
import { type DockerEvent, daemonTime, followEvents } from "./events.ts";

/** A state of swarm's own follows an event without one, within this time: so often is looked meanwhile. */
const LIVELY_MS = 2_000;
const LIVELY_BACKSTOP_MS = 250;
/** Some failures make no event (a missing image, no suitable node): so often is looked when nothing happens. */
const BACKSTOP_MS = 1_000;
/** How long Docker may be away (restarting, say) before that is the end of a watch. */
const AWAY_MS = 5_000;

export type Look<T> =
  | { done: T }
  | { failed: ActFailed }
  /** `againInMs`: when the next look is due at the latest, where something other than time is waited for. */
  | { waitingFor: string; againInMs?: number };

export interface Watch<T> {
  docker: Docker;
  /**
   * From when on events count, as `daemonTime` gives it. Without it the first look comes first, and events are followed
   * only where that is not the end: for what is done at once as a rule.
   */
  since?: string;
  asking: Asking;
  /** Is told of each event, and says whether it is worth a look; without it each is. */
  onEvent?: (event: DockerEvent) => boolean;
  /** Is told what is waited for, once for each change. */
  say: (line: string) => void;
  look: () => Promise<Look<T>>;
}

/**
 * Looks again at each event, often after one and else every second, until the look is done. Throws `ActFailed` when it
 * throws, at the deadline (with what was last waited for), or when the operator stops it.
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

/** `beginToFollow` says whether it did so just now: then what happened before has told nobody. */
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

/** Milliseconds. Where a look takes long the host is busy, and looking must not be what it is busy with. */
function pauseAfter(lookMs: number, sinceRingMs: number): number {
  return Math.max(sinceRingMs < LIVELY_MS ? LIVELY_BACKSTOP_MS : BACKSTOP_MS, 2 * lookMs);
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
  /** Resolves at the next ring, also one since the last wait, or after so many milliseconds; says whether it rang. */
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

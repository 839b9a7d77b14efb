import { nextDue, type Schedule } from "./due-time.ts";

/** What is known of the sweeps that were; all times in milliseconds since the epoch. */
export interface PastFires {
  /** Since when this state folder has had a daemon: what was due before is nobody's. */
  since: number;
  /** When the last sweep that came to an end began, whoever started it; null: none is known. */
  lastSweep: number | null;
  /** What the daemon fired last. */
  lastFire: PastFire | null;
}

export interface PastFire {
  due: number;
  firedAt: number;
  /** How often this due time was fired: more than once where the sweep was killed. */
  attempts: number;
  /** The sweep came to an end, whatever it was. */
  ended: boolean;
}

export interface NextFire {
  due: number;
  attempt: number;
}

/** A sweep that takes the machine down is not tried for ever. */
const MOST_ATTEMPTS = 3;

/**
 * What is to be fired next; null: never. It is the first due time since the last sweep, so that any number of
 * weeks missed is caught up once, and a sweep by hand after the due time counts for it. A fire whose sweep was
 * killed with the machine or the daemon is due still.
 */
export function nextFire(schedule: Schedule, { since, lastFire, lastSweep }: PastFires): NextFire | null {
  const isSettled = lastFire !== null && (lastFire.ended || lastFire.attempts >= MOST_ATTEMPTS);
  const settled = isSettled ? Math.max(lastFire.firedAt, lastFire.due) : since;
  const due = nextDue(schedule, Math.max(since, settled, lastSweep ?? since));
  if (due === null) return null;
  const isAgain = lastFire !== null && !isSettled && lastFire.due === due;
  return { due, attempt: isAgain ? lastFire.attempts + 1 : 1 };
}

import { nextDue, type Schedule } from "./due-time.ts";

/** Facts about past sweeps; all times in milliseconds since the epoch. */
export interface PastFires {
  /** Start of the first daemon on this state folder: earlier due times do not count. */
  since: number;
  /** Start of the last sweep that ended, by whomever it was started; null if unknown. */
  lastSweep: number | null;
  /** The daemon's last firing. */
  lastFire: PastFire | null;
}

export interface PastFire {
  due: number;
  firedAt: number;
  /** How often this due time was fired: more than once if the sweep was killed. */
  attempts: number;
  /** The sweep ended, with whatever result. */
  ended: boolean;
}

export interface NextFire {
  due: number;
  attempt: number;
}

/** A sweep that takes the machine down is not retried for ever. */
const MOST_ATTEMPTS = 3;

/**
 * The next firing; null: never. It is the first due time since the last sweep: any number of missed weeks is caught up
 * once, and a sweep by hand after the due time counts for it. A firing whose sweep was killed with the machine or the
 * daemon is still due.
 */
export function nextFire(schedule: Schedule, { since, lastFire, lastSweep }: PastFires): NextFire | null {
  const isSettled = lastFire !== null && (lastFire.ended || lastFire.attempts >= MOST_ATTEMPTS);
  const settled = isSettled ? Math.max(lastFire.firedAt, lastFire.due) : since;
  const due = nextDue(schedule, Math.max(since, settled, lastSweep ?? since));
  if (due === null) return null;
  const isAgain = lastFire !== null && !isSettled && lastFire.due === due;
  return { due, attempt: isAgain ? lastFire.attempts + 1 : 1 };
}

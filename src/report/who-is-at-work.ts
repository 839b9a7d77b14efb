import { Fault } from "../fault.ts";
import { isAlive, type LockHolder, parseHolder } from "../lock/lock-holder.ts";
import { readTextIfAny } from "../state/files.ts";
import type { StatePaths } from "../state/paths.ts";

/**
 * Who is at work in this state folder, as the lock file says; null when nobody is. Its content counts only while
 * the process that wrote it lives: the lock itself is the kernel's.
 */
export function whoIsAtWork(state: StatePaths): LockHolder | null {
  const holder = parseHolder(textOf(state.lock));
  return holder !== null && isAlive(holder) ? holder : null;
}

// What stands there in its place names nobody; whoever wants the lock is told.
function textOf(path: string): string {
  try {
    return readTextIfAny(path) ?? "";
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return "";
  }
}

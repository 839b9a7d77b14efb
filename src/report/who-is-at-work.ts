import { readTextIfAny } from "../state/files.ts";
import { isAlive, type LockHolder, parseHolder } from "../state/lock-holder.ts";
import type { StatePaths } from "../state/paths.ts";

/**
 * Who is at work in this state folder, as the lock file says; null when nobody is. Its content counts only while
 * the process that wrote it lives: the lock itself is the kernel's.
 */
export function whoIsAtWork(state: StatePaths): LockHolder | null {
  const holder = parseHolder(readTextIfAny(state.lock) ?? "");
  return holder !== null && isAlive(holder) ? holder : null;
}

import { Fault, orFault } from "../fault.ts";
import { isAlive, type LockHolder, parseHolder } from "../lock/lock-holder.ts";
import { readTextIfAny } from "../state/files.ts";
import type { StatePaths } from "../state/paths.ts";

/**
 * The run at work in this state folder, from the lock file; null if there is none. The content counts only while its
 * process lives: the lock itself is the kernel's.
 */
export function whoIsAtWork(state: StatePaths): LockHolder | null {
  const holder = parseHolder(textOf(state.lock));
  return holder !== null && isAlive(holder) ? holder : null;
}

// Anything else in its place names nobody; whoever wants the lock gets the error.
function textOf(path: string): string {
  const text = orFault(() => readTextIfAny(path));
  return text instanceof Fault ? "" : (text ?? "");
}

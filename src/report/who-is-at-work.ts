import { readTextIfAny } from "../state/files.ts";
import type { StatePaths } from "../state/paths.ts";
import { startTime } from "../state/proc.ts";
import type { LockHolder } from "../sweep/lock.ts";

/**
 * Who is at work in this state folder, as the lock file says; null when nobody is. Its content counts only while
 * the process that wrote it lives: the lock itself is the kernel's.
 */
export function whoIsAtWork(state: StatePaths): LockHolder | null {
  const holder = parseHolder(readTextIfAny(state.lock) ?? "");
  if (holder === null) return null;
  const started = startTime(holder.pid);
  const isSame = started !== null && (holder.started === null || holder.started === started);
  return isSame ? holder : null;
}

function parseHolder(text: string): LockHolder | null {
  try {
    const { pid, started, run, command, since } = JSON.parse(text) as Partial<LockHolder>;
    if (typeof pid !== "number" || typeof run !== "string") return null;
    return { pid, started: started ?? null, run, command: command ?? "?", since: since ?? "?" };
  } catch {
    return null;
  }
}

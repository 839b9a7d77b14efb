import { setTimeout as wait } from "node:timers/promises";
import { listProcesses, readEnvironment } from "../host/proc.ts";

/** Time between TERM and KILL for a group, in milliseconds. */
const GRACE_MS = 5_000;
const SHORTEST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 80;

/** Whether the group has a process that is not a zombie. `kill(-pid, 0)` alone succeeds on zombies. */
function groupIsAlive(group: number): boolean {
  if (!canSignal(-group)) return false;
  return listProcesses().some((process) => process.group === group && process.state !== "Z");
}

/** Waits until no process is in the group, whether ended or moved to its own session; false if some stay. */
export function groupLeaves(group: number, limitMs: number): Promise<boolean> {
  return endsWithin(limitMs, () => !groupIsAlive(group));
}

/** Ends a whole process group: TERM, then KILL for processes still alive after the grace time. */
export async function endGroup(group: number, graceMs = GRACE_MS): Promise<void> {
  send(-group, "SIGTERM");
  if (await endsWithin(graceMs, () => !groupIsAlive(group))) return;
  send(-group, "SIGKILL");
  await endsWithin(graceMs, () => !groupIsAlive(group));
}

/** Asks a process group to end, without waiting. */
export function askGroupToEnd(group: number): void {
  send(-group, "SIGTERM");
}

/**
 * Ends every process whose environment is `wanted` (TERM, then KILL), wherever it went: a child that made its own
 * session keeps its environment. Returns the ids of the processes that it ended.
 */
export async function endMarked(
  wanted: (environment: readonly string[]) => boolean,
  graceMs = GRACE_MS,
): Promise<number[]> {
  const found = findMarked(wanted);
  for (const pid of found) send(pid, "SIGTERM");
  if (found.length === 0 || (await endsWithin(graceMs, () => findMarked(wanted).length === 0))) return found;
  for (const pid of findMarked(wanted)) send(pid, "SIGKILL");
  await endsWithin(graceMs, () => findMarked(wanted).length === 0);
  return found;
}

/** The processes whose environment is `wanted`, except this one. */
export function findMarked(wanted: (environment: readonly string[]) => boolean): number[] {
  return listProcesses()
    .filter((entry) => entry.pid !== process.pid && entry.state !== "Z")
    .filter((entry) => wanted(readEnvironment(entry.pid)))
    .map((entry) => entry.pid);
}

function canSignal(target: number): boolean {
  try {
    process.kill(target, 0);
    return true;
  } catch {
    return false;
  }
}

function send(target: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(target, signal);
  } catch {
    // It has ended in the meantime, as wanted.
  }
}

/**
 * Waits until `ended`, for at most `limitMs` on the clock. A look reads all of `/proc`, which is slow on a busy
 * machine, so the looks become rarer.
 */
export async function endsWithin(limitMs: number, ended: () => boolean): Promise<boolean> {
  const timeIsUp = AbortSignal.timeout(limitMs);
  for (
    let pauseMs = SHORTEST_PAUSE_MS;
    !timeIsUp.aborted;
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)
  ) {
    if (ended()) return true;
    await wait(pauseMs);
  }
  return ended();
}

import { setTimeout as wait } from "node:timers/promises";
import { Fault } from "../fault.ts";
import { startTime } from "../host/proc.ts";
import { takeFlock } from "../lock/flock.ts";
import { type LockFile, openLockFile, openLockToLook } from "../lock/lock-file.ts";
import { isAlive, type LockHolder, parseHolder } from "../lock/lock-holder.ts";
import { isoTime } from "../log.ts";
import type { Context } from "./context.ts";

export type { LockHolder };

export interface Lock {
  release(): void;
}

/** Another command that only checks the lock holds it for some milliseconds. */
const TRIES = 5;

/**
 * Takes the one lock of the state folder (or the one at `path`), or throws a Fault that names its holder and since
 * when. The kernel frees it however this process dies. The folder itself is locked with the file: if somebody removes
 * the file under its holder, there are two files of that name, but still only one folder.
 */
export async function takeLock(
  context: Context,
  run: string,
  command: string,
  path = context.state.lock,
): Promise<Lock> {
  const file = openLockFile(path);
  try {
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      if (await tryBoth(context, file)) return hold(context, file, run, command);
      const holder = parseHolder(file.readHolder());
      if (holder !== null && isAlive(holder)) break;
      await wait(50);
    }
    throw lockedFault(context, parseHolder(file.readHolder()));
  } catch (error) {
    file.close();
    throw error;
  }
}

/** The holder of the lock; null if it is free. Makes and writes nothing, so it works even on a read-only disk. */
export async function lockHolder(context: Context): Promise<LockHolder | "unknown" | null> {
  const file = openLockToLook(context.state.lock);
  if (file === null) return null;
  try {
    if (await tryLock(context, file, "fd", "--shared")) return null;
    return parseHolder(file.readHolder()) ?? "unknown";
  } finally {
    file.close();
  }
}

async function tryBoth(context: Context, file: LockFile): Promise<boolean> {
  if (!(await tryLock(context, file, "fd", "--exclusive"))) return false;
  return tryLock(context, file, "folderFd", "--exclusive");
}

function hold(context: Context, file: LockFile, run: string, command: string): Lock {
  const holder: LockHolder = {
    pid: process.pid,
    started: startTime(process.pid),
    run,
    command,
    since: isoTime(context.clock),
  };
  file.writeHolder(`${JSON.stringify(holder)}\n`);
  return {
    release: () => {
      file.writeHolder("");
      file.close();
    },
  };
}

async function tryLock(
  context: Context,
  file: LockFile,
  which: "fd" | "folderFd",
  mode: "--exclusive" | "--shared",
): Promise<boolean> {
  const end = await takeFlock(context, file[which], mode, null);
  if (typeof end === "string") return end === "taken";
  // On a file system that cannot lock folders, only the second check is missing.
  if (which === "folderFd" && end.exitCode !== null) return true;
  throw new Fault(
    "machinery",
    `cannot lock ${file.path}: ${end.problem}`,
    "the state folder must be on a file system that knows flock(2)",
  );
}

function lockedFault(context: Context, holder: LockHolder | null): Fault {
  const who =
    holder === null
      ? "another run"
      : `run ${holder.run} (\`${holder.command}\`, process ${holder.pid}) since ${holder.since}`;
  return new Fault(
    "locked",
    `${who} is at work in ${context.state.root}`,
    "wait until it has ended, or ask it to: `canonical-sweep stop`",
  );
}

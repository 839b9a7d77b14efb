import { setTimeout as wait } from "node:timers/promises";
import { deadlineIn } from "../command/deadline.ts";
import { runCommand } from "../command/run.ts";
import { Fault } from "../fault.ts";
import { isoTime } from "../log.ts";
import { type LockFile, openLockFile } from "../state/lock-file.ts";
import { isAlive, type LockHolder, parseHolder } from "../state/lock-holder.ts";
import { startTime } from "../state/proc.ts";
import type { Context } from "./context.ts";

export type { LockHolder };

export interface Lock {
  release(): void;
}

const FLOCK_LIMIT_MS = 5_000;
/** Another command that merely looks whether the lock is held has it for some milliseconds. */
const TRIES = 5;

/**
 * Takes the one lock of the state folder, or throws a Fault that says who holds it since when. The kernel
 * frees it at any death of this process.
 */
export async function takeLock(context: Context, run: string, command: string): Promise<Lock> {
  const file = openLockFile(context.state.lock);
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    if (await tryLock(context, file, "--exclusive")) return hold(context, file, run, command);
    const holder = parseHolder(file.readHolder());
    if (holder !== null && isAlive(holder)) break;
    await wait(50);
  }
  const holder = parseHolder(file.readHolder());
  file.close();
  throw lockedFault(context, holder);
}

/** Who holds the lock; null when it is free. */
export async function lockHolder(context: Context): Promise<LockHolder | "unknown" | null> {
  const file = openLockFile(context.state.lock);
  try {
    if (await tryLock(context, file, "--shared")) return null;
    return parseHolder(file.readHolder()) ?? "unknown";
  } finally {
    file.close();
  }
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

async function tryLock(context: Context, file: LockFile, mode: "--exclusive" | "--shared"): Promise<boolean> {
  const result = await runCommand(
    {
      file: context.tools.find("flock"),
      args: ["--nonblock", mode, "3"],
      cwd: "/",
      env: {},
      deadline: deadlineIn(context.clock, "flock", FLOCK_LIMIT_MS),
      fd3: file.fd,
    },
    context.clock,
  );
  if (result.ok) return true;
  if (result.exitCode === 1) return false;
  throw new Fault(
    "machinery",
    `cannot lock ${context.state.lock}: ${result.notStarted ?? result.stderr.trim()}`,
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

import type { OpenFile } from "../state/open-file.ts";
import { findMarked } from "./process-group.ts";

/** Interval of looks at a file, in milliseconds: a disk takes some hundred MiB in that time. */
const LOOK_EVERY_MS = 100;
/** Looks between checks for processes that still write: such a check reads all of `/proc`. */
const LOOKS_BETWEEN_ASKING = 20;

/** Keeps the files short while a child writes to them; the returned function looks a last time and stops. */
export function keepShort(files: ReadonlySet<OpenFile>, keepBytes: number): () => void {
  const look = () => {
    for (const file of files) file.keepShort(keepBytes);
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    look();
  };
}

/**
 * Keeps the log of an ended command short while an app that it left running still writes to it, and closes the log when
 * no process with the `mark` is left. Does not keep this process alive.
 */
export function keepShortUntilGone(log: OpenFile, keepBytes: number, mark: string): void {
  let looks = 0;
  const timer = setInterval(() => {
    log.keepShort(keepBytes);
    looks += 1;
    if (looks % LOOKS_BETWEEN_ASKING !== 0 || isRunning(mark)) return;
    clearInterval(timer);
    log.close();
  }, LOOK_EVERY_MS);
  timer.unref();
}

function isRunning(mark: string): boolean {
  return findMarked((environment) => environment.includes(mark)).length > 0;
}

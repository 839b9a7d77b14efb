import type { OpenFile } from "../state/open-file.ts";
import { findMarked } from "./process-group.ts";

/** How often a file is looked at, in milliseconds: a disk takes some hundred MiB in that time. */
const LOOK_EVERY_MS = 100;
/** Who still writes is asked every so many looks: that reads all of `/proc`. */
const LOOKS_BETWEEN_ASKING = 20;

/** Keeps the files short while a child writes to them; what is returned ends that, after a last look. */
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
 * Keeps a log short after its command has ended, for an app that was left running and still writes to it, and
 * closes it when nothing with the `mark` runs any more. It holds nobody up.
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

import { closeSync, fsync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { writeFault } from "./file-fault.ts";

/**
 * Appends one line of JSON to a file of this run's own. It is synced to disk, but nothing waits for that: a line
 * a command is written while the next one already runs, and only a loss of power can take the last of them.
 */
export function appendEvidenceLine(path: string, value: unknown): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const fd = openSync(path, "a", 0o644);
    writeFileSync(fd, `${JSON.stringify(value)}\n`);
    fsync(fd, () => closeSync(fd));
  } catch (error) {
    throw writeFault(path, error);
  }
}

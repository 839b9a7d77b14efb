import { closeSync, fsync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { writeFault } from "./file-fault.ts";

/**
 * Appends one line of JSON to a file of this run. The line is synced to disk in the background: the next command
 * already runs, and only a loss of power can lose the last lines.
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

import { mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Makes a new folder among the system's temporary ones and returns its absolute path, without symbolic links. */
export function temporaryFolder(prefix: string): string {
  return mkdtempSync(join(realpathSync(tmpdir()), prefix));
}

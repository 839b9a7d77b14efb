import { mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Makes a fresh folder among the system's temporary ones; its absolute path, without symbolic links. */
export function temporaryFolder(prefix: string): string {
  return mkdtempSync(join(realpathSync(tmpdir()), prefix));
}

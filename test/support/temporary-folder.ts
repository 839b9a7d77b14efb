import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A folder that is gone when the test has finished. */
export function temporaryFolder(name: string): string {
  const path = mkdtempSync(join(realpathSync(tmpdir()), `${name}-`));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

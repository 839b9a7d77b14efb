import { statSync } from "node:fs";

/** Whether a file exists whose mode lets nobody write it; root could all the same. */
export function isReadOnly(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && (stat.mode & 0o222) === 0;
}

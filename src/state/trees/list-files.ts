import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The first `most` regular files below a folder by path, with their lengths; empty if there is no folder. */
export function listFiles(folder: string, most: number): { path: string; bytes: number }[] {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
    return names.flatMap((name) => measured(join(folder, name))).slice(0, most);
  } catch {
    return [];
  }
}

function measured(path: string): { path: string; bytes: number }[] {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat?.isFile() ? [{ path, bytes: stat.size }] : [];
}

import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The regular files below a folder with their lengths, by path, `most` of them; empty where there is no folder. */
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

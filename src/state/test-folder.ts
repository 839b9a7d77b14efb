import { join } from "node:path";
import { isExecutable, isFile, isFolder } from "./file-facts.ts";
import { listFolder } from "./files.ts";

export interface FoundFile {
  name: string;
  executable: boolean;
}

/** The regular files of a folder, sorted by name, without hidden files. Empty if there is no folder. */
export function listTestFiles(folder: string): FoundFile[] {
  if (!isFolder(folder)) return [];
  return listFolder(folder)
    .filter((name) => !name.startsWith(".") && isFile(join(folder, name)))
    .map((name) => ({ name, executable: isExecutable(join(folder, name)) }));
}

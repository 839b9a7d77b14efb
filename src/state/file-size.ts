import { lstatSync } from "node:fs";

/** The bytes of a regular file; `gone` where there is nothing, `no file` for a folder and its like. */
export function sizeOfFile(path: string): number | "gone" | "no file" {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return "gone";
  return stat.isFile() ? stat.size : "no file";
}

import { fstatSync } from "node:fs";
import { readPart } from "./middle-cut.ts";
import { withFile } from "./open-file.ts";

/** The last bytes of a file as text, from the start of a line; empty if it cannot be read. */
export function readTail(path: string, bytes: number): string {
  try {
    return withFile(path, "r", (fd) => {
      const from = Math.max(0, fstatSync(fd).size - bytes);
      const text = readPart(fd, from).toString("utf8");
      return from === 0 ? text : text.slice(text.indexOf("\n") + 1);
    });
  } catch {
    return "";
  }
}

import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** The last bytes of a file as text, from the start of a line; empty if it cannot be read. */
export function readTail(path: string, bytes: number): string {
  try {
    const fd = openSync(path, "r");
    try {
      const { size } = fstatSync(fd);
      const from = Math.max(0, size - bytes);
      const buffer = Buffer.alloc(size - from);
      const text = buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, from)).toString("utf8");
      return from === 0 ? text : text.slice(text.indexOf("\n") + 1);
    } finally {
      closeSync(fd);
    }
  } catch {
    return "";
  }
}

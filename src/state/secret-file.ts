import { readFileSync, statSync } from "node:fs";
import { messageOf } from "../fault.ts";

/** Reads a file that holds one secret, without surrounding white space. */
export function readSecretFile(path: string): { text: string; othersMayRead: boolean } | { problem: string } {
  try {
    const text = readFileSync(path, "utf8").trim();
    if (text === "") return { problem: `${path} is empty` };
    return { text, othersMayRead: (statSync(path).mode & 0o004) !== 0 };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

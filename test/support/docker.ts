import { execFileSync } from "node:child_process";
import { DOCKER } from "./images.ts";

/** Runs docker's client and returns what it prints, trimmed. */
export function docker(...args: string[]): string {
  return execFileSync(DOCKER, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

import { execFileSync } from "node:child_process";
import { DOCKER } from "./images.ts";

/** Runs docker's client and returns what it prints, trimmed. */
export function docker(...args: string[]): string {
  return execFileSync(DOCKER, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

/** The name of a context in this home folder at whose socket no daemon listens. */
export function contextWithoutDaemon(home: string): string {
  const context = ["context", "create", "gone", "--docker", `host=unix://${home}/nothing.sock`];
  execFileSync(DOCKER, context, { env: { HOME: home }, stdio: "ignore" });
  return "gone";
}

import { spawnSync } from "node:child_process";
import { DOCKER } from "./images.ts";

/** What this machine lacks for the tests on a swarm; null: nothing. */
export function missingForSwarm(): string | null {
  const info = spawnSync(DOCKER, ["info", "--format", "{{.Swarm.LocalNodeState}}"], { encoding: "utf8" });
  if (info.error !== undefined) return `${DOCKER} is missing`;
  if (info.status !== 0) return "Docker is not running";
  return info.stdout.trim() === "active" ? null : "Docker is in no swarm";
}

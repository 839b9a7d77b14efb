import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DOCKER } from "./images.ts";

/**
 * Waits until no other test of this machine sweeps this swarm, and returns what lets the next one go on. The
 * program itself refuses to work beside another on one lane: without a queue these tests would starve each other.
 */
export async function queueForLane(): Promise<() => Promise<void>> {
  const node = execFileSync(DOCKER, ["info", "--format", "{{.Swarm.NodeID}}"], { encoding: "utf8" });
  const queue = join(tmpdir(), `canonical-sweep-test-lane-${node.trim()}`);
  const holder = spawn("flock", [queue, "sh", "-c", "echo held; exec cat"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(holder, "exit");
  await Promise.race([once(holder.stdout, "data"), ended]);
  if (holder.exitCode !== null) throw new Error(`flock ${queue} ended with ${holder.exitCode}`);
  return async () => {
    holder.stdin.end();
    await ended;
  };
}

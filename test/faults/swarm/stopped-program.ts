import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, vi } from "vitest";
import type { RunningProgram } from "../../support/program.ts";
import type { SwarmWorld } from "../../sweep-swarm/world.ts";
import type { SwarmRecipe } from "../../sweep-swarm/world-recipe.ts";
import type { KillPoint } from "./kill-points.ts";
import type { StopPoint } from "./stop-point.ts";

const LOADED_FIRST = fileURLToPath(new URL("stop-point.ts", import.meta.url));

/** Starts the program so that it is stopped at a point. */
export function startUntil(world: SwarmWorld, point: StopPoint, ...words: string[]): RunningProgram {
  const environment = {
    NODE_OPTIONS: `--import=${LOADED_FIRST}`,
    SWEEP_TEST_STOP_POINT: JSON.stringify(point),
  };
  return world.startWith(environment, ...words);
}

/** Waits until the program is held at its point. */
export async function untilStopped({ child, end }: RunningProgram): Promise<void> {
  const state = () => readFileSync(`/proc/${child.pid}/stat`, "utf8").replace(/^.*\) /s, "")[0];
  const ended = end.then(({ stdout, stderr }) => {
    throw new Error(`it ended before its point:\n${stdout}\n${stderr}`);
  });
  await Promise.race([ended, vi.waitUntil(() => state() === "T", { timeout: 300_000, interval: 20 })]);
}

/** Runs the program until it is killed at a point. */
export async function killAt(
  world: SwarmWorld,
  recipe: SwarmRecipe,
  point: Pick<KillPoint, "at" | "name">,
  ...words: string[]
): Promise<void> {
  const end = await startUntil(world, { ...point.at(recipe), signal: "SIGKILL" }, ...words).end;
  expect(end.signal, `it did not come to the point "${point.name}":\n${end.stdout}\n${end.stderr}`).toBe(
    "SIGKILL",
  );
}

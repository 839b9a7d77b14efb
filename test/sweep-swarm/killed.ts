import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { until } from "../support/world.ts";
import { NOTES_TESTS } from "./notes-recipe.ts";
import { laneIsFree, type SwarmWorld } from "./world.ts";

const LIMIT_MS = 600_000;

/**
 * Tests of the data whose `verify`, outside of a tier, which is in a promotion, waits while it is told to. There is
 * no damage: without it nothing is backed up, which saves time.
 */
export function heldTests(world: SwarmWorld): Record<string, string> {
  const { "tests/data/seed": seed = "", "tests/data/verify": verify = "" } = NOTES_TESTS;
  const { hold, began } = filesOf(world);
  world.configure({ environment: { EDGE: world.edge.address, HOLD: hold, BEGAN: began } });
  const waits = 'if [ -z "$SWEEP_TIER" -a -e "$HOLD" ]; then touch "$BEGAN"; sleep 600; fi';
  return { "tests/data/seed": seed, "tests/data/verify": `${verify}${waits}\n` };
}

/** Runs a recipe and kills the program while the sentinel is looked for in its promotion. */
export async function killInPromotion(world: SwarmWorld, recipe: string): Promise<void> {
  const { hold, began } = filesOf(world);
  writeFileSync(hold, "");
  for (;;) {
    const running = world.start("run", recipe);
    await until(() => existsSync(began) || running.child.exitCode !== null, LIMIT_MS);
    running.child.kill("SIGKILL");
    const end = await running.end;
    if (end.exit === 75) {
      await laneIsFree();
      continue;
    }
    expect(end.signal, end.stderr).toBe("SIGKILL");
    rmSync(hold);
    return;
  }
}

function filesOf({ root }: SwarmWorld): { hold: string; began: string } {
  return { hold: join(root, "hold"), began: join(root, "began") };
}

import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { script } from "./sample-app.ts";
import type { World } from "./world.ts";

/** A test of a recipe that says that it runs, and then waits until it is let go. */
export const waits = (world: World) =>
  script(`touch ${world.root}/waiting`, `until [ -e ${world.root}/go ]; do sleep 0.05; done`);

/** Whether something of the world waits. */
export const isWaiting = (world: World) => existsSync(join(world.root, "waiting"));

/** Lets it go on. */
export const letGo = (world: World) => writeFileSync(join(world.root, "go"), "");

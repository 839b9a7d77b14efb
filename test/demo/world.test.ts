import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { SYSTEM_PATH } from "../../src/command/search-path.ts";
import { createToolbox } from "../../src/command/toolbox.ts";
import { loadConfig } from "../../src/config/load.ts";
import { commandForm } from "../../src/demo/command-form.ts";
import { SAMPLES } from "../../src/demo/story.ts";
import { makeWorld } from "../../src/demo/world.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const SERVER = fileURLToPath(new URL("../../src/demo/server.ts", import.meta.url));

async function freshWorld() {
  const root = temporaryFolder("demo-world");
  const clock = { now: () => Date.now() };
  const tools = createToolbox(SYSTEM_PATH);
  return {
    root,
    world: await makeWorld({
      root,
      tools,
      clock,
      path: [],
      form: commandForm({ node: process.execPath, server: SERVER }),
    }),
  };
}

function tagsOf(root: string, recipe: string): string[] {
  const folder = join(root, "upstreams", recipe);
  return execFileSync("git", ["-C", folder, "tag"], { encoding: "utf8" }).trim().split("\n");
}

it("the demo's own configuration is without fault and enrols every sample", async () => {
  const { world } = await freshWorld();
  const config = loadConfig(world.configuration);
  expect(config.recipes.map((recipe) => recipe.recipe)).toEqual(SAMPLES.map((sample) => sample.recipe));
  expect(config.recipes.every((recipe) => recipe.enrolled)).toBe(true);
});

it("between the sweeps upstream publishes real annotated tags, and commits without one", async () => {
  const { root, world } = await freshWorld();
  expect(tagsOf(root, "notes")).toEqual(["1.0.0+v1.0"]);
  await world.passTheWeek();
  expect(tagsOf(root, "notes")).toEqual(["1.0.0+v1.0", "1.1.0+v1.1"]);
  expect(tagsOf(root, "wiki")).toEqual(["1.0.0+v1.0"]);
  const kind = execFileSync("git", ["-C", join(root, "upstreams/notes"), "cat-file", "-t", "1.1.0+v1.1"]);
  expect(kind.toString().trim()).toBe("tag");
});

import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { copyUpstream } from "../support/upstream.ts";
import type { RecipeSetup, SampleRecipe, World } from "../support/world.ts";

/**
 * Gives other recipes the upstream, the mirror and the canonical of one that was really promoted: many for the
 * price of one.
 */
export function copySeeded(
  world: World,
  seeded: SampleRecipe,
  others: Readonly<Record<string, RecipeSetup>>,
): Record<string, SampleRecipe> {
  const made: Record<string, SampleRecipe> = {};
  for (const [name, setup] of Object.entries(others)) {
    copyUpstream(seeded.upstream, [join(world.upstreams, name)]);
    made[name] = world.recipe(name, setup);
    for (const folder of ["canonical", "data"])
      cpSync(join(world.state, folder, seeded.name), join(world.state, folder, name), { recursive: true });
    cpSync(join(world.state, `mirrors/${seeded.name}.git`), join(world.state, `mirrors/${name}.git`), {
      recursive: true,
    });
    rename(join(world.state, "canonical", name, "canonical.json"), `"recipe": "`, seeded.name, name);
    rename(join(world.state, "data", name, "notes.txt"), "the sentinel of ", seeded.name, name);
  }
  return made;
}

function rename(file: string, before: string, from: string, to: string): void {
  const text = readFileSync(file, "utf8");
  if (!text.includes(before + from)) throw new Error(`${file} does not name ${from}`);
  writeFileSync(file, text.replace(before + from, before + to));
}

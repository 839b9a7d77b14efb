import { join } from "node:path";
import { traitsOf } from "../core/driver-traits.ts";
import { TIERS } from "../core/tier.ts";
import { parseVersion } from "../core/version.ts";
import { isFile } from "../state/file-facts.ts";
import type { Problem } from "./configuration-fault.ts";
import { isSound, type LoadedRecipe, type LoadedSweep } from "./loaded.ts";
import { problemAt, shownKey } from "./schema-problems.ts";

/** What is wrong in one `recipe.yaml` beyond its schema, relations to other recipes left out. */
export function recipeProblems(recipe: LoadedRecipe, sweep: LoadedSweep | null): Problem[] {
  return [
    ...reasonProblems(recipe),
    ...(sweep === null ? [] : commandProblems(recipe, sweep)),
    ...fileProblems(recipe),
    ...testProblems(recipe),
    ...brokenProblems(recipe),
  ];
}

function reasonProblems(recipe: LoadedRecipe): Problem[] {
  if (recipe.sound.canonical !== false || !isSound(recipe, "reason") || recipe.sound.reason !== undefined)
    return [];
  return [problemAt(recipe.yaml, ["reason"], "a reason, because `canonical` is false")];
}

function commandProblems(recipe: LoadedRecipe, sweep: LoadedSweep): Problem[] {
  const { sound, yaml } = recipe;
  if (!isSound(recipe, "driver") || !isSound(recipe, "commands")) return [];
  const driver = sound.driver ?? sweep.sound.driver;
  if (sound.canonical !== true || traitsOf(driver)?.deploys !== "commands" || sound.commands !== undefined)
    return [];
  return [
    problemAt(yaml, ["commands"], `at least \`deploy\` and \`undeploy\`, because the driver is ${driver}`),
  ];
}

function fileProblems({ sound, yaml, folder }: LoadedRecipe): Problem[] {
  const named: [readonly PropertyKey[], string | undefined][] = (sound.requires ?? []).flatMap(
    (provider, index) => [
      [["requires", index, "setup"], provider.setup],
      [["requires", index, "teardown"], provider.teardown],
    ],
  );
  if (sound.health !== undefined && "command" in sound.health)
    named.push([["health", "command"], sound.health.command]);
  return named
    .filter(([, file]) => file !== undefined && !isFile(join(folder, file)))
    .map(([path]) => problemAt(yaml, path, "a file that exists in the recipe's configuration folder"));
}

function testProblems({ sound, yaml, folder }: LoadedRecipe): Problem[] {
  return Object.entries(sound.tests ?? {}).flatMap(([name, rule]) => {
    const at = (allowed: string) => [problemAt(yaml, ["tests", name], allowed, shownKey(name))];
    const [tier = "", file, ...deeper] = name.split("/");
    if (!TIERS.some((known) => known === tier) || !file || file === ".." || deeper.length > 0)
      return at(`TIER/FILE with a tier of ${TIERS.join(", ")}`);
    // With a reason alone the entry may speak of a test that is gone: it says why.
    const speaksOfOne = rule.versions !== undefined || rule.only !== undefined;
    return speaksOfOne && !isFile(join(folder, "tests", name))
      ? at("a file in the recipe's folder tests/")
      : [];
  });
}

function brokenProblems({ sound, yaml }: LoadedRecipe): Problem[] {
  return Object.keys(sound.broken ?? {}).flatMap((name) => {
    const parsed = parseVersion(name);
    if ("version" in parsed) return [];
    return [
      problemAt(yaml, ["broken", name], "a release tag, such as 3.0.0+v2.0.0", `${name}: ${parsed.problem}`),
    ];
  });
}

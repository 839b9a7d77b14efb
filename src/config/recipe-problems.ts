import { join } from "node:path";
import { TIERS } from "../core/tier.ts";
import { parseVersion } from "../core/version.ts";
import { isFile } from "../state/file-facts.ts";
import type { Problem } from "./configuration-fault.ts";
import type { LoadedRecipe, LoadedSweep } from "./loaded.ts";
import type { RecipeFile } from "./schema.ts";
import { problemAt } from "./schema-problems.ts";
import type { YamlFile } from "./yaml-file.ts";

/** What is wrong in one `recipe.yaml` beyond its schema, relations to other recipes left out. */
export function recipeProblems(recipe: LoadedRecipe, sweep: LoadedSweep | null): Problem[] {
  const { yaml, value, folder } = recipe;
  if (value === null) return [];
  return [
    ...reasonProblems(yaml, value),
    ...(sweep?.value == null ? [] : upstreamProblems(yaml, value, sweep.value.upstream)),
    ...(sweep?.value == null ? [] : commandProblems(yaml, value, sweep.value.driver)),
    ...fileProblems(yaml, value, folder),
    ...testProblems(yaml, value, folder),
    ...brokenProblems(yaml, value),
  ];
}

function reasonProblems(yaml: YamlFile, value: RecipeFile): Problem[] {
  if (value.canonical || value.reason !== undefined) return [];
  return [problemAt(yaml, ["reason"], "a reason, because `canonical` is false")];
}

function upstreamProblems(yaml: YamlFile, value: RecipeFile, shared: string | undefined): Problem[] {
  if (value.upstream !== undefined || shared !== undefined) return [];
  return [problemAt(yaml, ["upstream"], "a git address, here or (with {recipe}) in sweep.yaml")];
}

function commandProblems(yaml: YamlFile, value: RecipeFile, shared: string): Problem[] {
  if (!value.canonical || (value.driver ?? shared) !== "command" || value.commands !== undefined) return [];
  return [problemAt(yaml, ["commands"], "at least `deploy` and `undeploy`, because the driver is command")];
}

function fileProblems(yaml: YamlFile, value: RecipeFile, folder: string): Problem[] {
  const named: [readonly PropertyKey[], string | undefined][] = value.requires.flatMap((provider, index) => [
    [["requires", index, "setup"], provider.setup],
    [["requires", index, "teardown"], provider.teardown],
  ]);
  if ("command" in value.health) named.push([["health", "command"], value.health.command]);
  return named
    .filter(([, file]) => file !== undefined && !isFile(join(folder, file)))
    .map(([path]) => problemAt(yaml, path, "a file that exists in the recipe's configuration folder"));
}

function testProblems(yaml: YamlFile, value: RecipeFile, folder: string): Problem[] {
  return Object.entries(value.tests).flatMap(([name, rule]) => {
    const at = (allowed: string) => [problemAt(yaml, ["tests", name], allowed, name)];
    const [tier = "", file, ...deeper] = name.split("/");
    if (!TIERS.some((known) => known === tier) || !file || file === ".." || deeper.length > 0)
      return at(`TIER/FILE with a tier of ${TIERS.join(", ")}`);
    // With a reason alone the entry may speak of a test that is gone: it says why.
    const speaksOfOne = rule.versions !== undefined || rule.only !== undefined;
    return speaksOfOne && !isFile(join(folder, "tests", name)) ? at(`a file below recipes/*/tests`) : [];
  });
}

function brokenProblems(yaml: YamlFile, value: RecipeFile): Problem[] {
  return Object.keys(value.broken).flatMap((name) => {
    const parsed = parseVersion(name);
    if ("version" in parsed) return [];
    return [
      problemAt(yaml, ["broken", name], "a release tag, such as 3.0.0+v2.0.0", `${name}: ${parsed.problem}`),
    ];
  });
}

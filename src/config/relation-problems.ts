import { stackName } from "../core/stack-name.ts";
import type { Problem } from "./configuration-fault.ts";
import { type LoadedFiles, type LoadedRecipe, warmDomain } from "./loaded.ts";
import { problemAt } from "./schema-problems.ts";

/** What is wrong between recipes: providers that cannot be used, and warm domains that are taken. */
export function relationProblems(files: LoadedFiles): Problem[] {
  const byName = new Map(files.recipes.map((recipe) => [recipe.name, recipe]));
  const problems = files.recipes.flatMap((recipe) => requirementProblems(recipe, byName));
  return [...problems, ...cycleProblems(files.recipes, byName), ...domainProblems(files)];
}

type ByName = ReadonlyMap<string, LoadedRecipe>;

function requirementProblems(recipe: LoadedRecipe, byName: ByName): Problem[] {
  const { value, yaml } = recipe;
  return (value?.requires ?? []).flatMap((required, index) => {
    const at = (key: "recipe" | "mode", allowed: string) => [
      problemAt(yaml, ["requires", index, key], allowed),
    ];
    if (required.recipe === recipe.name) return at("recipe", "another recipe than this one");
    const provider = byName.get(required.recipe);
    if (provider === undefined) return at("recipe", "a recipe that has a recipe.yaml");
    if (provider.value === null) return [];
    if (value?.canonical && !provider.value.canonical)
      return at("recipe", `an enrolled recipe; recipes/${provider.name}/recipe.yaml says canonical: false`);
    if (required.mode === "live" && provider.value.warm !== "live")
      return at("mode", `ephemeral, or warm: live in recipes/${provider.name}/recipe.yaml`);
    return [];
  });
}

function cycleProblems(recipes: readonly LoadedRecipe[], byName: ByName): Problem[] {
  const problems: Problem[] = [];
  const done = new Set<string>();
  for (const start of recipes) visit(start, []);
  return problems;

  function visit(recipe: LoadedRecipe, path: readonly string[]): void {
    if (done.has(recipe.name)) return;
    const here = [...path, recipe.name];
    for (const [index, { recipe: name }] of (recipe.value?.requires ?? []).entries()) {
      const begin = here.indexOf(name);
      const provider = byName.get(name);
      if (begin >= 0 && name !== recipe.name) {
        const found = `a circle: ${[...here.slice(begin), name].join(" → ")}`;
        problems.push(
          problemAt(recipe.yaml, ["requires", index, "recipe"], "providers without a circle", found),
        );
      } else if (begin < 0 && provider !== undefined) visit(provider, here);
    }
    done.add(recipe.name);
  }
}

function domainProblems(files: LoadedFiles): Problem[] {
  const sweepDomain = files.sweep?.value?.domain;
  if (sweepDomain === undefined) return [];
  const taken = new Map<string, { recipe: string; domain: string }>();
  return files.recipes.flatMap((recipe) => {
    if (recipe.value === null) return [];
    const domain = warmDomain(recipe.name, recipe.value, sweepDomain);
    const stack = stackName(domain);
    const other = taken.get(stack);
    if (other === undefined) {
      taken.set(stack, { recipe: recipe.name, domain });
      return [];
    }
    const found =
      other.domain === domain
        ? `${domain}, which is the warm domain of ${other.recipe} too`
        : `${domain}, whose stack name ${stack} is that of ${other.recipe} (${other.domain}) too`;
    const allowed = "a domain of its own, also once its stack name is cut to 45 characters";
    return [problemAt(recipe.yaml, ["domain"], allowed, found)];
  });
}

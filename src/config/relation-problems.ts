import { stackName } from "../core/stack-name.ts";
import type { Problem } from "./configuration-fault.ts";
import { isSound, type LoadedFiles, type LoadedRecipe, warmDomain } from "./loaded.ts";
import { problemAt } from "./schema-problems.ts";

/** Faults between the files: missing upstreams, unusable providers, domains used twice. */
export function relationProblems(files: LoadedFiles): Problem[] {
  const byName = new Map(files.recipes.map((recipe) => [recipe.name, recipe]));
  const problems = files.recipes.flatMap((recipe) => requirementProblems(recipe, byName));
  return [
    ...upstreamProblems(files),
    ...problems,
    ...cycleProblems(files.recipes, byName),
    ...domainProblems(files),
  ];
}

function upstreamProblems({ sweep, recipes }: LoadedFiles): Problem[] {
  if (sweep === null || !isSound(sweep, "upstream") || sweep.sound.upstream !== undefined) return [];
  const without = recipes.filter(
    (recipe) => isSound(recipe, "upstream") && recipe.sound.upstream === undefined,
  );
  if (without.length > 0 && without.length === recipes.length)
    return [
      problemAt(sweep.yaml, ["upstream"], "a git address with {recipe} in it, or one in each recipe.yaml"),
    ];
  const allowed = "a git address, or one with {recipe} in sweep.yaml";
  return without.map((recipe) => problemAt(recipe.yaml, ["upstream"], allowed));
}

type ByName = ReadonlyMap<string, LoadedRecipe>;

function requirementProblems(recipe: LoadedRecipe, byName: ByName): Problem[] {
  const { sound, yaml } = recipe;
  return (sound.requires ?? []).flatMap((required, index) => {
    const at = (key: "recipe" | "mode", allowed: string) => [
      problemAt(yaml, ["requires", index, key], allowed),
    ];
    if (required.recipe === recipe.name) return at("recipe", "another recipe than this one");
    const provider = byName.get(required.recipe);
    if (provider === undefined) return at("recipe", "a recipe that has a recipe.yaml");
    if (sound.canonical === true && provider.sound.canonical === false)
      return at("recipe", `an enrolled recipe; recipes/${provider.name}/recipe.yaml says canonical: false`);
    if (required.mode === "live" && provider.sound.warm === "idle")
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
    for (const [index, { recipe: name }] of (recipe.sound.requires ?? []).entries()) {
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
  const sweepDomain = files.sweep?.sound.domain;
  if (sweepDomain === undefined) return [];
  const taken = new Map<string, { recipe: string; domain: string }>();
  return files.recipes.flatMap((recipe) => {
    if (!isSound(recipe, "domain")) return [];
    const domain = warmDomain(recipe.name, recipe.sound.domain, sweepDomain);
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

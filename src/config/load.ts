import { join, resolve } from "node:path";
import { RecipeName } from "../core/recipe-name.ts";
import { quoteWord } from "../core/text/quote-word.ts";
import { compareCodePoints } from "../core/version.ts";
import { Fault, messageOf } from "../fault.ts";
import { isFolder } from "../state/file-facts.ts";
import { exists, listFolder, readTextIfAny } from "../state/files.ts";
import type { Config } from "./config.ts";
import { ConfigurationFault, type Problem } from "./configuration-fault.ts";
import { KNOWN_CAUSES_FILE, readKnownCauses } from "./known-causes.ts";
import type { LoadedFiles, LoadedRecipe, LoadedSweep } from "./loaded.ts";
import { recipeProblems } from "./recipe-problems.ts";
import { RecipeFile } from "./recipe-schema.ts";
import { relationProblems } from "./relation-problems.ts";
import { resolveConfig } from "./resolve.ts";
import { SweepFile } from "./schema.ts";
import { checkAgainst } from "./schema-problems.ts";
import { sweepProblems } from "./sweep-problems.ts";
import { parseYamlFile } from "./yaml-file.ts";

/**
 * Reads `sweep.yaml`, `known-causes.yaml` and every `recipes/<recipe>/recipe.yaml` of a folder. Throws one
 * `ConfigurationFault` with all faults of all files. A missing folder `recipes` is not a fault: nothing is enrolled
 * then. `state` overrides the state folder, relative to the working directory.
 */
export function loadConfig(folder: string, overrides: { state?: string | undefined } = {}): Config {
  const root = resolve(folder);
  const problems: Problem[] = [];
  const files = readFiles(root, problems);
  problems.push(...sweepProblems(files.sweep));
  for (const recipe of files.recipes) problems.push(...recipeProblems(recipe, files.sweep));
  problems.push(...relationProblems(files));
  if (files.sweep?.value == null || problems.length > 0)
    throw new ConfigurationFault(root, inFileOrder(problems));
  return resolveConfig(root, files.sweep.value, files, overrides.state);
}

function readFiles(root: string, problems: Problem[]): LoadedFiles {
  const sweep = readSweep(root, problems);
  const recipes: LoadedRecipe[] = [];
  const withoutFile: string[] = [];
  for (const name of isFolder(join(root, "recipes")) ? listFolder(join(root, "recipes")) : []) {
    if (name.startsWith(".")) continue;
    const folder = join(root, "recipes", name);
    const recipe = readRecipe(name, folder, problems);
    if (recipe !== null) recipes.push(recipe);
    else if (isFolder(folder)) withoutFile.push(name);
  }
  const names = recipes.map(({ name }) => name);
  const known = readKnownCauses(readText(root, KNOWN_CAUSES_FILE, problems), names);
  problems.push(...known.problems);
  return {
    sweep,
    recipes,
    withoutFile,
    knownCauses: known.entries,
    hasRecipeFolder: isFolder(join(root, "recipes")),
  };
}

function readSweep(root: string, problems: Problem[]): LoadedSweep | null {
  const text = readText(root, "sweep.yaml", problems);
  if (text === null) {
    if (problems.length === 0) problems.push(missingSweep(root));
    return null;
  }
  const yaml = parseYamlFile("sweep.yaml", text);
  const checked = checkAgainst(SweepFile, yaml);
  problems.push(...checked.problems);
  return { yaml, ...checked };
}

function readRecipe(name: string, folder: string, problems: Problem[]): LoadedRecipe | null {
  const file = `recipes/${name}/recipe.yaml`;
  const text = readText(join(folder, "../.."), file, problems);
  if (text === null) {
    if (exists(join(folder, "recipe.yml")))
      problems.push(wholeFile(`recipes/${name}/recipe.yml`, "recipe.yml", "recipe.yaml"));
    return null;
  }
  const yaml = parseYamlFile(file, text);
  const checked = checkAgainst(RecipeFile, yaml);
  const named = RecipeName.safeParse(name);
  if (!named.success)
    problems.push(wholeFile(file, `the folder ${name}`, named.error.issues[0]?.message ?? "a recipe's name"));
  problems.push(...checked.problems);
  return { name, folder, yaml, ...checked };
}

function readText(root: string, file: string, problems: Problem[]): string | null {
  try {
    return readTextIfAny(join(root, file));
  } catch (error) {
    const why = error instanceof Fault ? error.cause : error;
    problems.push(wholeFile(file, messageOf(why), "a file that can be read"));
    return null;
  }
}

function missingSweep(root: string): Problem {
  const found = exists(join(root, "sweep.yml")) ? "sweep.yml" : "no such file";
  return wholeFile(
    "sweep.yaml",
    found,
    `sweep.yaml; make one with: canonical-sweep --config ${quoteWord(root)} init`,
  );
}

function wholeFile(file: string, found: string, allowed: string): Problem {
  return { file, line: 1, column: 1, key: "", found, allowed };
}

function inFileOrder(problems: readonly Problem[]): Problem[] {
  const rank = (problem: Problem) => (problem.file === "sweep.yaml" ? "" : problem.file);
  return problems.toSorted(
    (a, b) => compareCodePoints(rank(a), rank(b)) || a.line - b.line || a.column - b.column,
  );
}

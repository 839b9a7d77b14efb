import { type KnownCause, matchesEverything } from "../core/cause/known-cause.ts";
import type { Problem } from "./configuration-fault.ts";
import { KnownCausesFile } from "./known-causes-schema.ts";
import { checkAgainst, problemAt } from "./schema-problems.ts";
import { patternProblem, tryPattern } from "./try-pattern.ts";
import { parseYamlFile, type YamlFile } from "./yaml-file.ts";

export const KNOWN_CAUSES_FILE = "known-causes.yaml";

/** The entries in the text of `known-causes.yaml`, and all its faults. No file: no entry. */
export function readKnownCauses(
  text: string | null,
  recipes: readonly string[],
): { entries: KnownCause[]; problems: readonly Problem[] } {
  if (text === null) return { entries: [], problems: [] };
  const yaml = parseYamlFile(KNOWN_CAUSES_FILE, text);
  const checked = checkAgainst(KnownCausesFile, yaml);
  const entries = checked.sound.causes ?? [];
  const problems = entries.flatMap((entry, index) => [
    ...patternProblems(yaml, entry.pattern, index),
    ...idProblems(yaml, entries, index),
    ...recipeProblems(yaml, entry.recipes ?? [], recipes, index),
  ]);
  return { entries, problems: [...checked.problems, ...problems] };
}

function patternProblems(yaml: YamlFile, pattern: string, index: number): Problem[] {
  const at = (allowed: string) => [problemAt(yaml, ["causes", index, "pattern"], allowed)];
  const broken = patternProblem(pattern);
  if (broken !== null) return at(`a regular expression of JavaScript (${broken})`);
  const all = matchesEverything(pattern, tryPattern);
  if (all === "too-slow") return at("a regular expression that ends in time");
  return all ? at("a regular expression that does not match whatever fails") : [];
}

function idProblems(yaml: YamlFile, entries: readonly KnownCause[], index: number): Problem[] {
  const isTaken = entries.slice(0, index).some(({ id }) => id === entries[index]?.id);
  return isTaken ? [problemAt(yaml, ["causes", index, "id"], "an id that no other entry has")] : [];
}

function recipeProblems(
  yaml: YamlFile,
  named: readonly string[],
  recipes: readonly string[],
  index: number,
): Problem[] {
  return named.flatMap((name, at) =>
    recipes.includes(name)
      ? []
      : [problemAt(yaml, ["causes", index, "recipes", at], "a recipe of this configuration")],
  );
}

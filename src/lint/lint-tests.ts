import { join } from "node:path";
import type { RecipeConfig } from "../config/config.ts";
import { TIERS } from "../core/tier.ts";
import { readContainedText } from "../state/contained-file.ts";
import { listTestFiles } from "../state/test-folder.ts";
import { readTests } from "../sweep/cold-test/test-facts.ts";
import type { TestText } from "./facts.ts";

/** Bytes; a longer test is a built program, not a text. */
const LONGEST_TEST = 256 * 1024;

/** The operator's tests planned for a release, and those of its data, as far as they are texts. */
export function readTestTexts(recipe: RecipeConfig, version: string): TestText[] {
  const { byTier } = readTests(recipe.folder, recipe, version, false);
  const planned = TIERS.flatMap((tier) => byTier[tier]).filter((test) => test.planned);
  const ofData = listTestFiles(join(recipe.folder, "tests/data")).map(({ name }) => `data/${name}`);
  return [...planned.map(({ name }) => name), ...ofData].flatMap((name): TestText[] => {
    const file = `tests/${name}`;
    const text = textOf(recipe.folder, file);
    return text === null || text.includes("\0") ? [] : [{ file, text }];
  });
}

// A test may be a link to anything; the sweep reports one that is not text below the folder.
function textOf(folder: string, file: string): string | null {
  try {
    return readContainedText(folder, file, LONGEST_TEST);
  } catch {
    return null;
  }
}

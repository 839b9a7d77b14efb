import { join } from "node:path";
import type { RecipeConfig } from "../../config/config.ts";
import { type PlannedTest, planTests } from "../../core/plan/test-plan.ts";
import { TIERS, type Tier } from "../../core/tier.ts";
import { hashFile, isExecutable } from "../../state/file-facts.ts";
import { listTestFiles } from "../../state/test-folder.ts";

/** What stands in a recipe's `tests/` folder, for one version. */
export interface RecipeTests {
  byTier: Record<Tier, PlannedTest[]>;
  /** Which of `tests/data/{seed,verify,damage}` are missing or not executable. */
  missingData: string[];
  /** `tests/data/seed` and `verify` are there: a sentinel can be planted and found. */
  canProveData: boolean;
  /** `sha256:` and the digest of a test of this folder; throws where it cannot be read. */
  hashOf(name: string): Promise<string>;
}

/** Reads the tests of a recipe from its configuration `folder` and says which apply to a version. */
export function readTests(
  folder: string,
  recipe: RecipeConfig,
  version: string,
  isRef: boolean,
): RecipeTests {
  const tests = join(folder, "tests");
  const planned = (tier: Tier) => {
    const files = listTestFiles(join(tests, tier)).map((file) => ({ ...file, name: `${tier}/${file.name}` }));
    return planTests(files, recipe.tests, version, isRef);
  };
  const has = (name: string) => isExecutable(join(tests, "data", name));
  return {
    byTier: Object.fromEntries(TIERS.map((tier) => [tier, planned(tier)])) as Record<Tier, PlannedTest[]>,
    missingData: ["seed", "verify", "damage"].filter((name) => !has(name)),
    canProveData: has("seed") && has("verify"),
    hashOf: (name) => hashOf(join(tests, name)),
  };
}

async function hashOf(test: string): Promise<string> {
  const digest = await hashFile(test);
  if (digest === null) throw new Error(`${test} cannot be read`);
  return `sha256:${digest}`;
}

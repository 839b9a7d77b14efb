import { join } from "node:path";
import type { RecipeConfig } from "../../config/config.ts";
import { type PlannedTest, planTests } from "../../core/plan/test-plan.ts";
import { TIERS, type Tier } from "../../core/tier.ts";
import { hashFile, isExecutable } from "../../state/file-facts.ts";
import { listTestFiles } from "../../state/test-folder.ts";

/** The content of a recipe's `tests/` folder, for one version. */
export interface RecipeTests {
  byTier: Record<Tier, PlannedTest[]>;
  /** The missing or non-executable ones of `tests/data/{seed,verify,damage}`. */
  missingData: string[];
  /** `tests/data/seed` and `verify` exist: a sentinel can be planted and found. */
  canProveData: boolean;
  /** `sha256:` and the digest of a test of this folder; throws if it cannot be read. */
  hashOf(name: string): Promise<string>;
}

/** Reads a recipe's tests from its configuration `folder` and returns those that apply to a version. */
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

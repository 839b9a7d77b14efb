import type { Tier } from "../core/tier.ts";
import type { Finding } from "../lint/finding.ts";
import { lintRecipes } from "../sweep/lint.ts";
import type { Red } from "./find-red.ts";
import type { Session } from "./session.ts";

/** How a release breaks that has what a rule finds. */
interface Break {
  at: readonly Tier[];
  /** Where a test said that it is red, it has to say this: else it was that test which found fault. */
  saidByTest: RegExp | null;
}

const START: Break = { at: ["install", "upgrade"], saidByTest: null };
const DATA_LOST: Break = { at: ["restore"], saidByTest: /^(?:health: |restore: the planted data )/ };
/** Every other rule tells of the deploy, and what a test looked at was deployed. */
const BREAKS: Readonly<Record<string, Break>> = {
  "hot-database-directory": { ...DATA_LOST, at: ["backup", "restore"] },
  "read-only-config": { ...START, saidByTest: /read-only file system|device or resource busy/i },
  "restore-hook-missing": DATA_LOST,
  "shared-network-alias": { ...START, saidByTest: /^health: / },
};
/** What is no fault of a release that is deployed. */
const NOT_OF_RELEASE: readonly string[] = ["test-asserts-no-release", "lightweight-tag"];

/** What `lint` finds in the release that is known to break where it broke, a line each; of other releases nothing. */
export async function predictions({ recipe, red, run }: Session): Promise<string[]> {
  const { rows } = await lintRecipes(run.context, { recipes: [recipe.recipe], sync: false });
  const row = rows.find(({ commit }) => commit === red.target.commit);
  return (row?.findings ?? [])
    .filter((finding) => finding.level === "error" && predicts(finding, red))
    .map(({ rule, message }) => `${rule}: ${message}`);
}

// A promotion starts the release; what it does with backups is no part of it.
function predicts({ rule }: Finding, { facts, firstError, tier }: Red): boolean {
  if (NOT_OF_RELEASE.includes(rule)) return false;
  const { at, saidByTest } = BREAKS[rule] ?? START;
  if (!at.includes(tier ?? "install")) return false;
  return !facts.isOfTest || saidByTest?.test(firstError) === true;
}

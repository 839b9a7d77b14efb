import type { Tier } from "../core/tier.ts";
import type { Finding } from "../lint/finding.ts";
import { lintRecipes } from "../sweep/lint.ts";
import type { Session } from "./session.ts";

/** Where a release breaks that has what these rules find; every other rule tells of its start. */
const BREAKS_AT: Readonly<Record<string, readonly Tier[]>> = {
  "restore-hook-missing": ["restore"],
  "hot-database-directory": ["backup", "restore"],
};
const START: readonly Tier[] = ["install", "upgrade"];
/** What is no fault of a release that is deployed. */
const NOT_OF_RELEASE: readonly string[] = ["test-asserts-no-release", "lightweight-tag"];

/** What `lint` finds in the release that is known to break where it broke, a line each; of other releases nothing. */
export async function predictions({ recipe, red, run }: Session): Promise<string[]> {
  const { rows } = await lintRecipes(run.context, { recipes: [recipe.recipe], sync: false });
  const row = rows.find(({ commit }) => commit === red.target.commit);
  return (row?.findings ?? [])
    .filter((finding) => finding.level === "error" && predicts(finding, red.tier))
    .map(({ rule, message }) => `${rule}: ${message}`);
}

// A promotion starts the release; what it does with backups is no part of it.
function predicts({ rule }: Finding, tier: Tier | null): boolean {
  if (NOT_OF_RELEASE.includes(rule)) return false;
  return (BREAKS_AT[rule] ?? START).includes(tier ?? "install");
}

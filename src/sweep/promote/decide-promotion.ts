import type { Canonical } from "../../core/canonical.ts";
import { whyNotPromoted } from "../../core/label/promotion-conditions.ts";
import { weakenedSince } from "../../core/label/weakened.ts";
import type { NotPromotedCode, Reason } from "../../core/outcome.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import { promotionDiskProblem } from "../../run/disk.ts";
import type { Run } from "../../run/run.ts";
import type { RecipeTest } from "../cold-test/cold-test.ts";
import type { RecipeRequest } from "../decide/recipe-request.ts";

/** Why a green test does not lead to a promotion; null if every condition is met. */
export function decidePromotion(
  run: Run,
  request: RecipeRequest,
  test: RecipeTest,
  canonical: Canonical | null,
  evidence: Pick<Evidence, "warnings">,
): Reason<NotPromotedCode> | null {
  const { recipe, target } = request;
  const before = { tests: canonical?.tests ?? null, tiers: canonical?.tiers ?? null };
  const lost = weakenedSince(before, test.tiers, new Set());
  // Named in the row in any case, even if a reason is stated.
  if (lost.length > 0) evidence.warnings.push(`the last green had ${lost.join(", ")}`);
  return whyNotPromoted({
    enrolled: recipe.enrolled,
    version: target.version,
    isRelease: target.isRelease,
    broken: recipe.broken,
    canonical: canonical?.version ?? null,
    acceptMovedTag: request.acceptMovedTag,
    tiers: test.tiers,
    ruledOutBy: request.ruledOutBy,
    retryOf: request.retryOf,
    weakened: weakenedSince(before, test.tiers, new Set(Object.keys(recipe.tests))),
    canReadBack: test.canReadBack,
    sentinelLost: canonical?.sentinel === "planted" && !test.tests.canProveData,
    disk: promotionDiskProblem(run.context, canonical),
  });
}

import type { Config } from "../config/config.ts";

/** Time for evidence and teardown of the work under way, in milliseconds. */
const TEARDOWN_MS = 10 * 60_000;

/**
 * Time for a sweep to stop, in milliseconds: at worst it is in a promotion, whose rollback has the promotion's limit.
 */
export function stopGrace(config: Pick<Config, "recipes" | "timeouts">): number {
  const promotions = config.recipes.map((recipe) => recipe.timeouts.promote);
  return Math.max(config.timeouts.promote, ...promotions) + TEARDOWN_MS;
}

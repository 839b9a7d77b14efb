import type { Config } from "../config/config.ts";

/** Evidence and teardown of what is under way, in milliseconds. */
const TEARDOWN_MS = 10 * 60_000;

/**
 * How long a sweep that is asked to stop may take, in milliseconds: at worst it is in a promotion, whose rollback
 * has the promotion's limit.
 */
export function stopGrace(config: Pick<Config, "recipes" | "timeouts">): number {
  const promotions = config.recipes.map((recipe) => recipe.timeouts.promote);
  return Math.max(config.timeouts.promote, ...promotions) + TEARDOWN_MS;
}

import type { DriverName } from "../core/driver-traits.ts";
import type { Run } from "./run.ts";

/**
 * Loads all code that a run may need, at its launch: a program that is replaced on disk meanwhile belongs to the
 * next run. A mere look loads only what it needs, so that it starts quickly.
 */
export async function loadCode(run: Run): Promise<void> {
  await Promise.all([
    import("../edge/probe.ts"),
    import("../driver/ledger.ts"),
    ...driversInUse(run).map(run.driver),
  ]);
}

/** The drivers of all recipes that are configured, those that are not enrolled among them. */
export function driversInUse(run: Run): DriverName[] {
  return [...new Set(run.context.config.recipes.map((recipe) => recipe.driver))];
}

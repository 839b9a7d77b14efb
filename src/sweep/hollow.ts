import type { HollowFacts } from "../core/honesty.ts";
import { Report } from "../core/report.ts";
import { listFolder, readJson } from "../state/files.ts";
import type { Context } from "./context.ts";

/**
 * What decides whether the configuration is believed: the floor, and who was enrolled in the last sweep. Hollow
 * sweeps do not count as the last one: a recipe that is gone is named until somebody says why.
 */
export function hollowFacts(context: Context): HollowFacts {
  const { config } = context;
  return {
    enrolled: config.recipes.filter((recipe) => recipe.enrolled).map((recipe) => recipe.recipe),
    floor: config.floor,
    before: lastSweep(context, (report) => !report.honesty.hollow)?.recipes.map((row) => row.recipe) ?? [],
    declined: config.recipes.filter((recipe) => !recipe.enrolled).map((recipe) => recipe.recipe),
  };
}

/** The report of the last full sweep; null where there is none that can be read. */
export function lastSweep(context: Context, counts: (report: Report) => boolean = () => true): Report | null {
  for (const run of listFolder(context.state.runs).toReversed()) {
    const reading = readJson(context.state.run(run).report, Report);
    if (reading.state !== "read" || reading.value.kind !== "sweep") continue;
    if (counts(reading.value)) return reading.value;
  }
  return null;
}

import type { HollowFacts } from "../core/label/honesty.ts";
import { Report } from "../core/records/report.ts";
import { readJson } from "../state/files.ts";
import { listRunIds } from "../state/run-ids.ts";
import type { Context } from "./context.ts";

/**
 * What decides whether the configuration is believed: the floor, and who was enrolled in the last sweep. Hollow
 * sweeps do not count as the last one: a recipe that is gone is named until somebody says why.
 */
export function hollowFacts(context: Context): HollowFacts {
  const { config } = context;
  const last = findSweep(context, (report) => !report.honesty.hollow);
  return {
    enrolled: config.recipes.filter((recipe) => recipe.enrolled).map((recipe) => recipe.recipe),
    floor: config.floor,
    lastUnknown: last.report === null ? last.unreadable : null,
    before: last.report?.recipes.map((row) => row.recipe) ?? [],
    declined: config.recipes.filter((recipe) => !recipe.enrolled).map((recipe) => recipe.recipe),
  };
}

/** The report of the last full sweep; null where there is none that can be read. */
export function lastSweep(context: Context): Report | null {
  return findSweep(context, () => true).report;
}

function findSweep(
  { state }: Context,
  counts: (report: Report) => boolean,
): { report: Report | null; unreadable: string | null } {
  let unreadable: string | null = null;
  for (const run of listRunIds(state).toReversed()) {
    const reading = readJson(state.run(run).report, Report);
    if (reading.state === "unreadable") unreadable ??= reading.problem;
    if (reading.state !== "read" || reading.value.kind !== "sweep") continue;
    if (counts(reading.value)) return { report: reading.value, unreadable };
  }
  return { report: null, unreadable };
}

import { kindOf } from "../core/label/label.ts";
import { Report } from "../core/records/report.ts";
import { readJson } from "../state/files.ts";
import { listRunIds } from "../state/run-ids.ts";
import type { Context } from "./context.ts";

/** So many runs are looked through for how long a test took. */
const RUNS_LOOKED_AT = 8;

/** How long the last test of a recipe took, in milliseconds; read from the last runs when first asked. */
export function createDurations(context: Context): (recipe: string) => number | null {
  let known: Map<string, number> | null = null;
  return (recipe) => {
    known ??= readDurations(context);
    return known.get(recipe) ?? null;
  };
}

function readDurations(context: Context): Map<string, number> {
  const durations = new Map<string, number>();
  for (const run of listRunIds(context.state).slice(-RUNS_LOOKED_AT)) {
    const reading = readJson(context.state.run(run).report, Report);
    if (reading.state !== "read") continue;
    for (const row of reading.value.recipes)
      if (kindOf(row) !== "SKIP" && row.tiers.length > 0) durations.set(row.recipe, row.durationMs);
  }
  return durations;
}

import type { Investigation } from "../core/records/investigation.ts";
import { readInvestigation } from "../report/investigations.ts";
import { orProblem } from "../report/standing.ts";
import { listRunIds, type StatePaths } from "../state/paths.ts";

/** Results of investigations, by the recipe and the run of the red. */
export type Investigations = ReadonlyMap<string, Investigation>;

/** Every kept investigation. Empty if the folder is unreadable, which the status reports. */
export function readInvestigations(state: StatePaths): Investigations {
  const found = new Map<string, Investigation>();
  // The newest one of a red counts: ids sort by time.
  for (const run of orProblem(() => listRunIds(state), [])) {
    const reading = readInvestigation(state, run);
    if (reading.state === "read")
      found.set(keyOf(reading.value.recipe, reading.value.red.run), reading.value);
  }
  return found;
}

/** `investigated: recipe, because …; 3 of 3 alone red`; null without an investigation. */
export function investigatedLine(found: Investigations, recipe: string, run: string): string | null {
  const investigation = found.get(keyOf(recipe, run));
  if (investigation === undefined) return null;
  const { cause, because, confidence, next } = investigation;
  return `investigated: ${cause}. ${because} (${confidence.counts.join("; ")}). For ${next.who}: ${next.what}`;
}

function keyOf(recipe: string, run: string): string {
  return `${recipe} ${run}`;
}

import { join } from "node:path";
import { INVESTIGATION_SCHEMA, Investigation } from "../core/investigation.ts";
import { fileIdentity } from "../state/file-facts.ts";
import { readJson } from "../state/files.ts";
import type { StatePaths } from "../state/paths.ts";
import { orProblem } from "../report/standing.ts";
import { listRunIds } from "../state/run-ids.ts";

/** What an investigation ended with, by the recipe and the run whose red it was. */
export type Investigations = ReadonlyMap<string, Investigation>;

/** Every investigation that is kept. A folder that cannot be read has none: the status says that of it. */
export function readInvestigations(state: StatePaths): Investigations {
  const found = new Map<string, Investigation>();
  // The newest of a red counts: ids sort by time.
  for (const run of orProblem(() => listRunIds(state), [])) {
    const investigation = readInvestigation(state, run);
    if (investigation !== null) found.set(keyOf(investigation.recipe, investigation.red.run), investigation);
  }
  return found;
}

/** The investigation that a run was; null where it was none, or where that cannot be read. */
export function readInvestigation(state: StatePaths, run: string): Investigation | null {
  const path = fileOf(state, run);
  if (fileIdentity(path) === null) return null;
  const reading = readJson(path, Investigation, INVESTIGATION_SCHEMA);
  return reading.state === "read" ? reading.value : null;
}

/** `investigated: recipe, because …; 3 of 3 alone red`; null where nobody has looked. */
export function investigatedLine(found: Investigations, recipe: string, run: string): string | null {
  const investigation = found.get(keyOf(recipe, run));
  if (investigation === undefined) return null;
  const { cause, because, confidence, next } = investigation;
  return `investigated: ${cause}. ${because} (${confidence.counts.join("; ")}). For ${next.who}: ${next.what}`;
}

function keyOf(recipe: string, run: string): string {
  return `${recipe} ${run}`;
}

function fileOf(state: StatePaths, run: string): string {
  return join(state.run(run).folder, "investigation.json");
}

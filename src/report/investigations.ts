import type { Brief } from "../core/records/brief.ts";
import { INVESTIGATION_SCHEMA, Investigation } from "../core/records/investigation.ts";
import { type JsonReading, readJson } from "../state/files.ts";
import { listRunIds, type StatePaths } from "../state/paths.ts";
import { confidenceOf } from "./investigation-markdown.ts";

/** What the disk says of a run's investigation; `absent` where the run was none, or was cut short. */
export function readInvestigation(state: StatePaths, run: string): JsonReading<Investigation> {
  return readJson(state.run(run).investigation, Investigation, INVESTIGATION_SCHEMA);
}

/** The newest investigation of a release that came to an end; null where there is none that can be read. */
export function newestInvestigation(state: StatePaths, recipe: string, commit: string): Investigation | null {
  for (const run of listRunIds(state).toReversed()) {
    const reading = readInvestigation(state, run);
    if (reading.state !== "read") continue;
    if (reading.value.recipe === recipe && reading.value.release.commit === commit) return reading.value;
  }
  return null;
}

/** What a brief says of an investigation. */
export function causeForBrief({
  run,
  cause,
  because,
  confidence,
  next,
}: Investigation): NonNullable<Brief["cause"]> {
  return {
    cause,
    confidence: [because, ...confidenceOf(confidence)].join("; "),
    runs: [run],
    next: `for ${next.who}: ${next.what}`,
  };
}

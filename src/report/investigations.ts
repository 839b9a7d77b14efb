import type { Brief } from "../core/records/brief.ts";
import { INVESTIGATION_SCHEMA, Investigation } from "../core/records/investigation.ts";
import { type JsonReading, readJson } from "../state/files.ts";
import { listRunIds, type StatePaths } from "../state/paths.ts";
import { confidenceOf } from "./investigation-markdown.ts";

/** A run's investigation as read from disk; `absent` if the run was none, or was cut short. */
export function readInvestigation(state: StatePaths, run: string): JsonReading<Investigation> {
  return readJson(state.run(run).investigation, Investigation, INVESTIGATION_SCHEMA);
}

/** The newest investigation of a release that ended; null if none can be read. */
export function newestInvestigation(state: StatePaths, recipe: string, commit: string): Investigation | null {
  for (const run of listRunIds(state).toReversed()) {
    const reading = readInvestigation(state, run);
    if (reading.state !== "read") continue;
    if (reading.value.recipe === recipe && reading.value.release.commit === commit) return reading.value;
  }
  return null;
}

/** The part of an investigation for a brief. */
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

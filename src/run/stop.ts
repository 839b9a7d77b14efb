import { z } from "zod";
import { type Clock, isoTime } from "../log.ts";
import { readJson, removeFile, writeJson } from "../state/files.ts";
import type { StatePaths } from "../state/paths.ts";

const STOP_SCHEMA = 1;

/** `stop-request.json`: asks this run to end after its current recipe. */
export const StopRequest = z.object({ schema: z.literal(STOP_SCHEMA), at: z.string(), run: z.string() });
export type StopRequest = z.infer<typeof StopRequest>;

/** Asks a run to end after its current recipe. */
export function requestStop(state: StatePaths, run: string, clock: Clock): void {
  const request: StopRequest = { schema: STOP_SCHEMA, at: isoTime(clock), run };
  writeJson(state.stopRequest, request);
}

/**
 * Whether this run was asked to end. A request for another run is ignored: it came too late for that one. An unreadable
 * one counts: somebody wanted a stop.
 */
export function stopRequested(state: StatePaths, run: string): boolean {
  const reading = readJson(state.stopRequest, StopRequest, STOP_SCHEMA);
  return reading.state === "unreadable" || (reading.state === "read" && reading.value.run === run);
}

/** Removes the request; called by the run that begins and by the one that has obeyed it. */
export function clearStopRequest(state: StatePaths): void {
  removeFile(state.stopRequest);
}

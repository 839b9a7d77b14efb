import { z } from "zod";
import type { StatePaths } from "../state/paths.ts";
import { readJournalIfReadable } from "./journal.ts";

const GaveUp = z.looseObject({ event: z.literal("ended"), error: z.string() });

/** Why a run gave up, from its journal; null if it did not: it is at work, or was killed. */
export function whyItGaveUp(state: StatePaths, run: string): string | null {
  return readJournalIfReadable(state.run(run).journal, GaveUp).at(-1)?.error ?? null;
}

/** Why a run has no report, as half a sentence. */
export function whyNoReport(state: StatePaths, run: string): string {
  const error = whyItGaveUp(state, run);
  return error === null ? "at work, or cut short" : `it gave up: ${error}`;
}

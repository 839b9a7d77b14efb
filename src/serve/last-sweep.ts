import { z } from "zod";
import { readJournal } from "../report/journal.ts";
import { readJson } from "../state/files.ts";
import { listRunIds, type StatePaths } from "../state/paths.ts";

const Sweep = z.object({ kind: z.string(), startedAt: z.string() });
const Line = z.looseObject({ ts: z.string(), event: z.string(), command: z.string().optional() });

/**
 * When the last sweep that ended began (milliseconds since the epoch), by whomever it was started; null if there is
 * none. A killed sweep has not ended and will be continued; one that gave up says so in its journal.
 */
export function lastEndedSweep(state: StatePaths): number | null {
  for (const run of listRunIds(state).toReversed()) {
    const paths = state.run(run);
    const report = readJson(paths.report, Sweep);
    if (report.state === "read" && report.value.kind === "sweep") return Date.parse(report.value.startedAt);
    if (report.state === "absent") {
      const began = gaveUp(paths.journal);
      if (began !== null) return began;
    }
  }
  return null;
}

function gaveUp(journal: string): number | null {
  const lines = readJournal(journal, Line);
  const [first] = lines;
  if (first?.command !== "sweep" || !lines.some(({ event }) => event === "ended")) return null;
  return Date.parse(first.ts);
}

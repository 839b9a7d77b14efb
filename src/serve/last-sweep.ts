import { z } from "zod";
import { readJournal } from "../report/journal.ts";
import { readJson } from "../state/files.ts";
import { listRunIds, type StatePaths } from "../state/paths.ts";

const Sweep = z.object({ kind: z.string(), startedAt: z.string() });
const Line = z.looseObject({ ts: z.string(), event: z.string(), command: z.string().optional() });

/**
 * When the last sweep that came to an end began (milliseconds since the epoch), whoever started it; null: there is
 * none. One that was killed has no end, and is gone on with; one that gave up has said so in its journal.
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

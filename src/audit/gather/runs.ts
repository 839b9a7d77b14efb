import { join } from "node:path";
import { z } from "zod";
import { readRun } from "../../report/run-store.ts";
import { exists } from "../../state/files.ts";
import { readJsonLines } from "../../state/json-lines.ts";
import { listRunIds, type RunPaths, type StatePaths } from "../../state/paths.ts";
import type { RunFacts } from "../runs.ts";

const JournalEntry = z.looseObject({ ts: z.string(), run: z.string(), event: z.string() });

/** Every kept run except the one at work, oldest first. */
export function runsIn(state: StatePaths, atWork: string | null): RunFacts[] {
  return listRunIds(state)
    .filter((run) => run !== atWork)
    .map((run) => runFacts(state, run));
}

function runFacts(state: StatePaths, run: string): RunFacts {
  const paths = state.run(run);
  const reading = readRun(state, run);
  const { values, torn } = readJsonLines(paths.journal);
  const journal = values.flatMap((value) => {
    const parsed = JournalEntry.safeParse(value);
    return parsed.success ? [parsed.data] : [];
  });
  return {
    run,
    reading,
    reportFile: paths.report,
    journalFile: paths.journal,
    journal,
    strangeLines: values.length - journal.length + torn,
    missingFiles: reading.state === "read" ? missingBeside(paths, reading.report.recipes) : [],
  };
}

// The report is written last, so its other forms and all its briefs must exist.
function missingBeside(paths: RunPaths, rows: readonly { brief: string | null }[]): string[] {
  const briefs = rows.flatMap(({ brief }) => (brief === null ? [] : [join(paths.folder, brief)]));
  return [paths.markdown, paths.html, paths.junit, ...briefs].filter((file) => !exists(file));
}

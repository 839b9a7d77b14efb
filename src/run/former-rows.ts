import { firstFailure } from "../core/first-failure.ts";
import type { FormerRow } from "../core/label/red-since.ts";
import { readRun } from "../report/run-store.ts";
import { listRunIds } from "../state/run-ids.ts";
import type { Run } from "./run.ts";

const READ = new WeakMap<Run, ReadonlyMap<string, readonly FormerRow[]>>();

/** The rows of a recipe in the runs before this one, newest first. The reports are read once in a run. */
export function formerRows(run: Run, recipe: string): readonly FormerRow[] {
  const rows = READ.get(run) ?? readAll(run);
  READ.set(run, rows);
  return rows.get(recipe) ?? [];
}

// One report at a time, and of each row no more than is needed: there may be years of them.
function readAll(run: Run): Map<string, FormerRow[]> {
  const { state } = run.context;
  const rows = new Map<string, FormerRow[]>();
  for (const id of listRunIds(state).toReversed()) {
    const reading = id === run.id ? null : readRun(state, id);
    if (reading?.state !== "read") continue;
    for (const row of reading.report.recipes) {
      const at = reading.report.endedAt;
      // What was tried by hand on a branch says nothing of the releases.
      if (row.target !== null && row.target.tagObject === null) continue;
      const former = { run: id, at, label: row.label, outcome: row.outcome, failure: firstFailure(row) };
      rows.set(row.recipe, [...(rows.get(row.recipe) ?? []), former]);
    }
  }
  return rows;
}

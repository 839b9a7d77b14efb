import { z } from "zod";
import { RecipeReport } from "../core/records/report.ts";
import { readJournalIfReadable } from "../report/journal.ts";
import type { Run } from "../run/run.ts";
import type { StatePaths } from "../state/paths.ts";

/** A sweep that was cut short before its report, from its journal. */
export interface KilledSweep {
  run: string;
  /** The rows of finished recipes, by recipe. */
  rows: Map<string, RecipeReport>;
  /** Recipes that were green and about to be promoted, with their row until then. */
  promoting: Map<string, { row: RecipeReport; atMs: number }>;
  /** Recipes under way, with the tier that had failed by then. */
  failed: Map<string, string>;
}

const JournalLine = z.looseObject({ ts: z.string(), event: z.string() });
const Began = z.looseObject({ command: z.string() });
const WithRow = z.looseObject({ row: RecipeReport });
const TierEnded = z.looseObject({ recipe: z.string(), tier: z.string(), status: z.string() });

/**
 * The newest sweep, if it was killed: no report, no newer sweep with one, and begun after `sinceMs` (epoch,
 * milliseconds). Null if there is none, or if its journal does not tell.
 */
export function findKilledSweep({ context, history }: Run, sinceMs: number): KilledSweep | null {
  for (const former of history.runs()) {
    // A run by hand does not end the sweep that was killed before it.
    if (former.state === "read" && former.report.kind === "run") continue;
    if (former.state !== "absent") return null;
    const killed = readKilled(context.state, former.run, sinceMs);
    if (killed !== "not a sweep") return killed;
  }
  return null;
}

function readKilled(state: StatePaths, run: string, sinceMs: number): KilledSweep | null | "not a sweep" {
  const killed: KilledSweep = { run, rows: new Map(), promoting: new Map(), failed: new Map() };
  // With an unreadable journal, all work of the sweep is tested again.
  const lines = readJournalIfReadable(state.run(run).journal, JournalLine);
  const [first] = lines;
  if (first === undefined || Began.safeParse(first).data?.command !== "sweep") return "not a sweep";
  if (Date.parse(first.ts) < sinceMs) return null;
  // It gave up, with a reason: not a kill.
  if (lines.some((line) => line.event === "ended")) return null;
  for (const line of lines) takeLine(killed, line);
  return killed;
}

function takeLine(killed: KilledSweep, line: z.infer<typeof JournalLine>): void {
  if (line.event === "tier-ended") {
    const { data } = TierEnded.safeParse(line);
    if (data?.status === "failed") killed.failed.set(data.recipe, data.tier);
    return;
  }
  const row = WithRow.safeParse(line).data?.row;
  if (row === undefined) return;
  if (line.event === "tested") killed.promoting.set(row.recipe, { row, atMs: Date.parse(line.ts) });
  if (line.event !== "labelled") return;
  killed.rows.set(row.recipe, row);
  killed.promoting.delete(row.recipe);
  killed.failed.delete(row.recipe);
}

import { z } from "zod";
import { readRecord } from "../../canonical/store.ts";
import { type KeptRun, runsToRemove } from "../../core/retention.ts";
import { Fault, messageOf, orFault } from "../../fault.ts";
import { readJournal } from "../../report/journal.ts";
import type { Run } from "../../run/run.ts";
import type { FormerRun } from "../../run/run-history.ts";
import { listFolder } from "../../state/files.ts";
import { removeForGood } from "../../state/folders.ts";
import type { StatePaths } from "../../state/paths.ts";

const DAY_MS = 86_400_000;

/**
 * Removes runs beyond `keep:`. While a record is unreadable nothing is removed, because the run that it names is
 * unknown. A run that cannot be removed is reported and stays: it never harms a sweep.
 */
export function removeOldRuns(run: Run): void {
  const { clock, config, state, progress } = run.context;
  const proved = runsOfRecords(state);
  if (proved === null) return;
  const { runs, days } = config.keep;
  const old = runsToRemove({
    runs: Array.from(run.history.runs(), (former) => keptRun(state, former)),
    proved,
    runsToKeep: runs,
    oldestMs: days === null ? null : clock.now() - days * DAY_MS,
  });
  for (const id of old) {
    try {
      removeForGood(state.run(id).folder);
      run.note("run-removed", { removed: id });
    } catch (error) {
      progress({ kind: "note", text: `the old run ${id} could not be removed: ${messageOf(error)}` });
    }
  }
}

function runsOfRecords(state: StatePaths): string[] | null {
  const readings = listFolder(state.canonicals).map((recipe) => readRecord(state.canonical(recipe), recipe));
  if (readings.some((reading) => reading.state === "unreadable")) return null;
  return readings.flatMap((reading) => (reading.state === "read" ? (reading.record.run ?? []) : []));
}

function keptRun(state: StatePaths, former: FormerRun): KeptRun {
  if (former.state !== "read") return keptWithoutReport(state, former.run, former.state === "unreadable");
  const { kind, startedAt, endedAt, hollow, rows } = former.report;
  return {
    run: former.run,
    kind: kind === "sweep" ? "sweep" : "other",
    startedMs: Date.parse(startedAt),
    endedMs: Date.parse(endedAt),
    isMeasure: kind === "sweep" && !hollow,
    tookOver: rows.flatMap(({ testedIn }) => testedIn ?? []),
    isUnreadable: false,
  };
}

function keptWithoutReport(state: StatePaths, id: string, isUnreadable: boolean): KeptRun {
  const kept = { run: id, isMeasure: false, tookOver: [] };
  const span = orFault(() => spanOf(state, id));
  if (!(span instanceof Fault)) return { ...kept, ...span, isUnreadable };
  return { ...kept, kind: "other", startedMs: startOf(id), endedMs: startOf(id), isUnreadable: true };
}

const Line = z.looseObject({ ts: z.string(), command: z.string().optional() });

// A run without a report was killed, or makes none: its journal shows its beginning and its last event.
function spanOf(state: StatePaths, id: string): Pick<KeptRun, "kind" | "startedMs" | "endedMs"> {
  const lines = readJournal(state.run(id).journal, Line);
  const times = lines.map((line) => Date.parse(line.ts)).filter((ms) => !Number.isNaN(ms));
  const began = startOf(id);
  return {
    kind: lines[0]?.command === "sweep" ? "sweep" : "other",
    startedMs: Math.min(began, ...times),
    endedMs: Math.max(began, ...times),
  };
}

// An id begins with its time in UTC, `20260617T050314Z`.
function startOf(id: string): number {
  return Date.parse(id.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2}).*$/, "$1-$2-$3T$4:$5:$6Z"));
}

import { REPORT_SCHEMA, Report } from "../core/records/report.ts";
import { Fault } from "../fault.ts";
import { readJson } from "../state/files.ts";
import { listRunIds, type StatePaths } from "../state/paths.ts";

/** A run as read from disk: `absent` has no report, because it is at work or was cut short. */
export type RunReading =
  | { run: string; state: "read"; report: Report }
  | { run: string; state: "absent" }
  | { run: string; state: "unreadable"; problem: string };

/** The kept runs, newest first: an id sorts by time. */
function listRuns(state: StatePaths): string[] {
  return listRunIds(state).toReversed();
}

export function readRun(state: StatePaths, run: string): RunReading {
  const reading = readJson(state.run(run).report, Report, REPORT_SCHEMA);
  if (reading.state !== "read") return { run, ...reading };
  if (reading.value.run === run) return { run, state: "read", report: reading.value };
  return {
    run,
    state: "unreadable",
    problem: `${state.run(run).report} is the report of ${reading.value.run}`,
  };
}

/** All kept runs, newest first. A broken report is named in its place. */
export function readRuns(state: StatePaths): RunReading[] {
  return [...eachRun(state)];
}

/** The same, each read on request: all of them together may be large. */
export function* eachRun(state: StatePaths): Generator<RunReading> {
  for (const run of listRuns(state)) yield readRun(state, run);
}

/**
 * The intended run's id: the whole id, a unique beginning of one, or `latest` (the newest with a report). Throws a
 * Fault that names the existing ones.
 */
export function findRun(state: StatePaths, wanted: string): string {
  const runs = listRuns(state);
  if (wanted === "latest") {
    const latest = runs.find((run) => readRun(state, run).state !== "absent");
    if (latest !== undefined) return latest;
    throw new Fault(
      "usage",
      `there is no run in ${state.runs} yet`,
      "start one with `canonical-sweep sweep`",
    );
  }
  const meant = runs.filter((run) => run === wanted || (wanted !== "" && run.startsWith(wanted)));
  const exact = meant.find((run) => run === wanted) ?? (meant.length === 1 ? meant[0] : undefined);
  if (exact !== undefined) return exact;
  throw meant.length === 0 ? noSuchRun(wanted, runs) : ambiguousRun(wanted, meant);
}

function noSuchRun(wanted: string, runs: readonly string[]): Fault {
  const newest = runs.slice(0, 5).join(" ");
  const known = runs.length === 0 ? "there are none yet" : `the newest are: ${newest}`;
  return new Fault(
    "usage",
    `no run begins with '${wanted}': ${known}`,
    "`canonical-sweep history` lists them",
  );
}

function ambiguousRun(wanted: string, runs: readonly string[]): Fault {
  return new Fault(
    "usage",
    `more than one run begins with '${wanted}': ${runs.slice(0, 10).join(" ")}`,
    "write more of its id",
  );
}

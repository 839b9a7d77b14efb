/** Facts about a kept run. */
export interface KeptRun {
  run: string;
  kind: "sweep" | "other";
  startedMs: number;
  /** Time of its last known event, epoch milliseconds. */
  endedMs: number;
  /** The next sweep can be compared with its report: it is not hollow. */
  isMeasure: boolean;
  /** The killed runs that it continued: only its report has their results. */
  tookOver: readonly string[];
  /** Its report, or the journal in its place, is unreadable: its content is unknown. */
  isUnreadable: boolean;
}

export interface RetentionFacts {
  runs: readonly KeptRun[];
  /** The runs that records name. */
  proved: readonly string[];
  /** Number of sweeps, and of other runs, to keep. */
  runsToKeep: number;
  /** Runs that ended earlier are removed, epoch milliseconds; null: age does not count. */
  oldestMs: number | null;
}

/**
 * The runs to remove. Always kept, whatever their number and age: runs that a record names, runs that overlapped them
 * (to show that they did not run alone), runs that continued them after a kill; the last sweep and the last that was
 * not hollow; unreadable runs.
 */
export function runsToRemove(facts: RetentionFacts): string[] {
  const newestFirst = facts.runs.toSorted((a, b) => (a.run < b.run ? 1 : -1));
  const sweeps = newestFirst.filter((entry) => entry.kind === "sweep");
  const others = newestFirst.filter((entry) => entry.kind === "other");
  const proofs = facts.runs.filter((entry) => facts.proved.includes(entry.run));
  const needed = [sweeps[0], sweeps.find((entry) => entry.isMeasure)];
  const among = [...sweeps.slice(0, facts.runsToKeep), ...others.slice(0, facts.runsToKeep)];
  const isKept = (entry: KeptRun) =>
    entry.isUnreadable ||
    needed.includes(entry) ||
    proofs.some((proof) => overlap(entry, proof)) ||
    entry.tookOver.some((run) => facts.proved.includes(run)) ||
    (among.includes(entry) && (facts.oldestMs === null || entry.endedMs >= facts.oldestMs));
  return newestFirst.filter((entry) => !isKept(entry)).map((entry) => entry.run);
}

function overlap(a: KeptRun, b: KeptRun): boolean {
  return a.startedMs <= b.endedMs && b.startedMs <= a.endedMs;
}

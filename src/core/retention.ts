/** What is known of a run that is kept. */
export interface KeptRun {
  run: string;
  kind: "sweep" | "other";
  startedMs: number;
  /** The last that is known of it, epoch milliseconds. */
  endedMs: number;
  /** Its report says what the next sweep is compared with: it is no hollow one. */
  isMeasure: boolean;
  /** The killed runs whose rows it took over: only its report has what they tested. */
  tookOver: readonly string[];
  /** Its report, or the journal that stands for one, cannot be read: what it would say is not known. */
  isUnreadable: boolean;
}

export interface RetentionFacts {
  runs: readonly KeptRun[];
  /** The runs that records name. */
  proved: readonly string[];
  /** So many sweeps, and so many other runs, are kept. */
  runsToKeep: number;
  /** Runs that ended before it are not kept, epoch milliseconds; null: age does not count. */
  oldestMs: number | null;
}

/**
 * The runs that can go. Kept whatever their number and age: the run that a record names, each that overlapped it
 * (else nobody could see any more that it did not run alone), and the one that went on with it after a kill; the last
 * sweep, and the last that was not hollow; a run that cannot be read.
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

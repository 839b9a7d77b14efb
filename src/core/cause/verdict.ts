import type { Arm, ArmEvidence, Cause, CauseEvidence } from "./evidence.ts";

/** What is to be done next: one more run of a kind, or nothing, because there is an answer. */
export type Verdict = { wanted: Arm } | Conclusion;

export interface Conclusion {
  cause: Cause;
  /** One sentence: what establishes it, or why nothing does. */
  because: string;
  /** The chance, at most, that the runs look like this though this is not the cause; null where none is known. */
  chance: number | null;
  /** What would raise the confidence; null: nothing that this program can run. */
  raise: string | null;
}

/** A rule of the classification: an answer, a run that it needs, or null where it does not apply. */
export type Rule = (evidence: CauseEvidence) => Verdict | null;

/** What makes any comparison of runs surer. */
export const MORE_RUNS = "`--runs` with a greater number";
/** What helps where others were at work. */
export const WHEN_IDLE = "investigate again while the host is idle";

export function conclude(
  cause: Cause,
  because: string,
  { chance = null, raise }: { chance?: number | null; raise?: string } = {},
): Conclusion {
  return { cause, because, chance, raise: raise ?? (chance === null ? null : MORE_RUNS) };
}

export function unresolved(because: string, raise: string): Conclusion {
  return conclude("unresolved", because, { raise });
}

/** What counts of a kind of runs. */
export interface Tally {
  green: number;
  /** Red with the same first error. */
  red: number;
  otherRed: number;
  /** Ended by the surroundings. */
  broken: number;
  /** All of those. */
  counted: number;
}

/**
 * Counts the runs of a kind. A red while others were at work does not count as one that was alone; a green does:
 * others at work make nothing green. Under load no run is alone.
 */
export function tallyOf(evidence: CauseEvidence, arm: Arm): Tally {
  const attempts = evidence.arms[arm].attempts.filter(
    ({ outcome, isolated }) =>
      isolated || arm === "underLoad" || arm === "control" || (outcome !== "red" && outcome !== "other-red"),
  );
  const count = (...outcomes: string[]) =>
    attempts.filter(({ outcome }) => outcomes.includes(outcome)).length;
  return {
    green: count("green"),
    red: count("red"),
    otherRed: count("other-red"),
    broken: count("machinery", "outside"),
    counted: attempts.length,
  };
}

/** Asks for a run of a kind until `runs` of them count; null where they do, or where no more can be had. */
export function wantRuns(evidence: CauseEvidence, arm: Arm, runs: number): { wanted: Arm } | null {
  const { attempts, notPossible } = evidence.arms[arm];
  if (notPossible !== null || tallyOf(evidence, arm).counted >= runs) return null;
  // On a host that does not become idle nothing counts, however often it is tried.
  return attempts.length < 2 * runs ? { wanted: arm } : null;
}

export function isPossible({ notPossible }: ArmEvidence): boolean {
  return notPossible === null;
}

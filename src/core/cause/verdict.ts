import type { Arm, ArmEvidence, Cause, CauseEvidence } from "./evidence.ts";

/** The next step: one more run of a kind, or an answer. */
export type Verdict = { wanted: Arm } | Conclusion;

export interface Conclusion {
  cause: Cause;
  /** One sentence: the proof, or the reason why nothing is proven. */
  because: string;
  /** Upper bound of the chance that the runs look like this although the cause is another; null if unknown. */
  chance: number | null;
  /** A way to raise the confidence; null if this program can run nothing more. */
  raise: string | null;
}

/** A rule of the classification: an answer, a run that it needs, or null if it does not apply. */
export type Rule = (evidence: CauseEvidence) => Verdict | null;

/** Makes any comparison of runs more certain. */
export const MORE_RUNS = "`--runs` with a greater number";
/** The advice for reds on a busy host. */
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

/** Counts of a kind of runs. */
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
 * Counts the runs of a kind. A red on a busy host does not count as alone, but a green does: load makes nothing green.
 * Under load no run is alone.
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

/** Asks for a run of a kind until `runs` of them count; null if they do, or if no more are possible. */
export function wantRuns(evidence: CauseEvidence, arm: Arm, runs: number): { wanted: Arm } | null {
  const { attempts, notPossible } = evidence.arms[arm];
  if (notPossible !== null || tallyOf(evidence, arm).counted >= runs) return null;
  // On a host that is never idle nothing counts, however often it is tried.
  return attempts.length < 2 * runs ? { wanted: arm } : null;
}

export function isPossible({ notPossible }: ArmEvidence): boolean {
  return notPossible === null;
}

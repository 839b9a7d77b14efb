import { ARMS, type Arm, type ArmEvidence, type CauseEvidence } from "../core/cause/evidence.ts";
import type { InvestigationRun } from "../core/records/investigation.ts";
import type { Session } from "./session.ts";

/** Findings other than the runs. */
export interface KnownFacts {
  testsChanged: boolean | null;
  surroundingsChanged: boolean | null;
  lintPredicts: boolean;
}

/** From this difference on, in milliseconds, a quick tier's duration is not noise. */
const TELLING_MS = 1_000;

/** All evidence for the cause, as far as known now. */
export function evidenceOf(
  session: Session,
  known: KnownFacts,
  limits: { runs: number; load: number },
): CauseEvidence {
  const { red, runs, notPossible, knownGood } = session;
  const armOf = (arm: Arm): ArmEvidence => ({
    attempts: runs
      .filter(({ kind }) => kind === arm)
      .map(({ outcome, host }) => ({ outcome, isolated: host.isolated })),
    notPossible: notPossible.get(arm) ?? null,
  });
  return {
    red: { ...red.facts, isDefinite: session.isDefinite, slowdown: slowdownOf(session) },
    arms: Object.fromEntries(ARMS.map((arm) => [arm, armOf(arm)])) as CauseEvidence["arms"],
    isControlOfDeployer: !("notPossible" in session.control) && session.control.release !== null,
    isProven: knownGood?.isCanonical ?? false,
    ...known,
    promotionFailures: red.promotionFailures,
    ...limits,
  };
}

/** Duration in the red run, as a multiple of that alone, of the tiers that passed in both. */
function slowdownOf({ red, runs }: Session): number | null {
  const green = runs.filter(
    ({ kind, outcome, host }) => kind === "alone" && outcome === "green" && host.isolated,
  );
  if (green.length === 0) return null;
  const passed = red.row.tiers.filter(({ status }) => status === "passed");
  const then = passed.reduce((sum, end) => sum + end.durationMs, 0);
  const now = passed.reduce((sum, { tier }) => sum + meanOf(green, tier), 0);
  return now <= 0 || then - now < TELLING_MS ? null : then / now;
}

function meanOf(runs: readonly InvestigationRun[], tier: string): number {
  const durations = runs.flatMap(({ tiers }) =>
    tiers.filter((end) => end.tier === tier).map((end) => end.durationMs),
  );
  return durations.reduce((sum, each) => sum + each, 0) / Math.max(1, durations.length);
}

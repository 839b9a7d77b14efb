import { ARMS, type Arm, type ArmEvidence, type CauseEvidence } from "../core/cause/evidence.ts";
import type { InvestigationRun } from "../core/records/investigation.ts";
import type { Session } from "./session.ts";

/** What was found out beside the runs. */
export interface KnownFacts {
  testsChanged: boolean | null;
  surroundingsChanged: boolean | null;
  lintPredicts: boolean;
}

/** So many milliseconds of difference are no noise of a quick tier. */
const TELLING_MS = 1_000;

/** All that the cause is judged from, as far as it is known now. */
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

/** How many times as long as alone those tiers took in the red run that passed in both. */
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

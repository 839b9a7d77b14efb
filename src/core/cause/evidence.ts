import { z } from "zod";

/** What a red comes from. */
export const CAUSES = [
  "flake (load)",
  "flake (timing)",
  "recipe",
  "test",
  "machinery",
  "outside",
  "unresolved",
] as const;
export const Cause = z.enum(CAUSES);
export type Cause = z.infer<typeof Cause>;

/** The kinds of runs of an investigation, cheapest first. */
export const ARMS = [
  "control",
  "alone",
  "knownGood",
  "lastGreenTests",
  "knownGoodLastGreenTests",
  "onCopy",
  "knownGoodOnCopy",
  "underLoad",
] as const;
export const Arm = z.enum(ARMS);
export type Arm = z.infer<typeof Arm>;

/**
 * How a run ended. `red`: with the first error of the investigated red; `other-red`: with another one. `machinery` and
 * `outside`: the surroundings ended it, so it proves nothing.
 */
export const ATTEMPT_OUTCOMES = ["green", "red", "other-red", "machinery", "outside"] as const;
export const AttemptOutcome = z.enum(ATTEMPT_OUTCOMES);
export type AttemptOutcome = z.infer<typeof AttemptOutcome>;

export interface Attempt {
  outcome: AttemptOutcome;
  /** Nobody else used the host while it ran. */
  isolated: boolean;
}

export interface ArmEvidence {
  attempts: readonly Attempt[];
  /** Why this kind of run cannot be made; null if it can. */
  notPossible: string | null;
}

/** A part of a first error that points to the surroundings. */
export interface Sign {
  kind: "machinery" | "outside";
  words: string;
  /** Only the surroundings say this; otherwise the recipe may have said it about its own things. */
  certain: boolean;
}

/** The investigated red, as its run recorded it. */
export interface RedFacts {
  /** `refusal`: a promotion refused before anything was touched. */
  at: "tier" | "promotion" | "refusal";
  /** A test failed, not the deploy, the app or its health. */
  isOfTest: boolean;
  /** It failed with its own error, not by exceeding a limit. */
  isDefinite: boolean;
  sign: Sign | null;
  /** Duration of its passed tiers, as a multiple of that when run alone; null without a comparison. */
  slowdown: number | null;
}

/** All evidence from which a cause is judged. */
export interface CauseEvidence {
  red: RedFacts;
  arms: Readonly<Record<Arm, ArmEvidence>>;
  /** The control uses the same deployer as the recipe, and so vouches for it too. */
  isControlOfDeployer: boolean;
  /** The known-good release is the canonical; otherwise it is only an older release that was never proven. */
  isProven: boolean;
  /** Whether the tests differ from those of the last green; null if unknown. */
  testsChanged: boolean | null;
  /** Whether tools, or the recipe's configuration other than its tests, differ from the last green; null if unknown. */
  surroundingsChanged: boolean | null;
  /** Failed promotions of this release with the same first error, including this one. */
  promotionFailures: number;
  /** `lint` finds something in this release that is known to break at this point. */
  lintPredicts: boolean;
  /** At most this many runs of a kind are counted. */
  runs: number;
  /** Workers of the load; 0: no run under load. */
  load: number;
}

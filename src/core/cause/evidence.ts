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
 * How a run ended. `red`: with the first error of the red that is investigated, `other-red`: with another one.
 * `machinery` and `outside`: the surroundings ended it, and nothing is known of what it tested.
 */
export const ATTEMPT_OUTCOMES = ["green", "red", "other-red", "machinery", "outside"] as const;
export const AttemptOutcome = z.enum(ATTEMPT_OUTCOMES);
export type AttemptOutcome = z.infer<typeof AttemptOutcome>;

export interface Attempt {
  outcome: AttemptOutcome;
  /** Nobody else was at work on the host while it ran. */
  isolated: boolean;
}

export interface ArmEvidence {
  attempts: readonly Attempt[];
  /** Why this kind of run cannot be made; null where it can. */
  notPossible: string | null;
}

/** Words of a first error by which the surroundings give themselves away. */
export interface Sign {
  kind: "machinery" | "outside";
  words: string;
  /** Nothing else says this; else the recipe may have said it of its own things. */
  certain: boolean;
}

/** The red that is investigated, as its run recorded it. */
export interface RedFacts {
  /** `refusal`: a promotion that was refused before anything was touched. */
  at: "tier" | "promotion" | "refusal";
  /** It was a test that failed, not the deploy, the app or its health. */
  isOfTest: boolean;
  /** It failed in words of its own, not by a limit that it did not keep. */
  isDefinite: boolean;
  sign: Sign | null;
  /** How many times as long as alone its tiers took that passed; null where nothing can be compared. */
  slowdown: number | null;
}

/** All that a cause is judged from. */
export interface CauseEvidence {
  red: RedFacts;
  arms: Readonly<Record<Arm, ArmEvidence>>;
  /** The control is deployed by the same deployer as the recipe: then it vouches for that too. */
  isControlOfDeployer: boolean;
  /** The known-good release is the canonical; else it is only an older release, which was never proven. */
  isProven: boolean;
  /** Whether the tests differ from those of the last green; null where it is not known. */
  testsChanged: boolean | null;
  /** Whether tools, or the recipe's configuration beside its tests, differ from the last green's; null: unknown. */
  surroundingsChanged: boolean | null;
  /** Promotions of this release that failed with the same first error, this one among them. */
  promotionFailures: number;
  /** `lint` finds in this release what is known to break where it broke. */
  lintPredicts: boolean;
  /** So many runs of a kind at most are counted. */
  runs: number;
  /** Workers of the load; 0: no run under load. */
  load: number;
}

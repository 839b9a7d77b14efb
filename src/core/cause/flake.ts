import { chanceOfSoMany, ESTABLISHED } from "./chance.ts";
import type { CauseEvidence } from "./evidence.ts";
import {
  conclude,
  MORE_RUNS,
  type Rule,
  tallyOf,
  unresolved,
  type Verdict,
  WHEN_IDLE,
  wantRuns,
} from "./verdict.ts";

/** Tiers that took this many times as long as alone show that the host was busy. */
const SLOW = 2;

/** Runs the same release again, alone. Null if it is red every time in the same way, and so not a flake. */
export const flakeRule: Rule = (evidence) => {
  const { runs } = evidence;
  const alone = tallyOf(evidence, "alone");
  if (alone.green > 0 && alone.red + alone.otherRed > 0) return mixed(evidence);
  const wanted = wantRuns(evidence, "alone", runs);
  if (wanted !== null) return wanted;
  if (alone.counted < runs)
    return unresolved(
      "others were at work on this host, so that no red can be told from one that they caused",
      WHEN_IDLE,
    );
  if (alone.green > 0) return greenAlone(evidence);
  if (alone.otherRed === 0) return null;
  return unresolved(
    "it is red every time, but not with the same first error: more than one thing is at work",
    "compare the first errors of the runs, and mend the one that comes first",
  );
};

function mixed({ red, arms }: CauseEvidence): Verdict {
  if (red.sign !== null) return passing(red.sign);
  const greens = arms.alone.attempts.filter(({ outcome }) => outcome === "green").length;
  return conclude(
    "flake (timing)",
    `the same release with the same tests is green and red in turn while it is alone (${greens} of ${arms.alone.attempts.length} green)`,
    { raise: `${MORE_RUNS} measures how often it fails` },
  );
}

function greenAlone(evidence: CauseEvidence): Verdict {
  const { red, runs, load } = evidence;
  if (red.sign !== null) return passing(red.sign);
  const alone = tallyOf(evidence, "alone");
  const slow = red.slowdown !== null && red.slowdown >= SLOW;
  // A red in a run that slow is itself a red under load.
  const extra = slow ? 1 : 0;
  const loaded = () => tallyOf(evidence, "underLoad");
  const reds = loaded().red + loaded().otherRed + extra;
  const chance = chanceOfSoMany(reds, loaded().counted + extra, alone.green);
  if (loaded().red > 0 && chance <= ESTABLISHED)
    return conclude("flake (load)", "it is green alone and red under load, with everything else the same", {
      chance,
    });
  if (load > 0) {
    const wanted =
      wantRuns(evidence, "underLoad", runs) ??
      (loaded().red > 0 ? wantRuns(evidence, "alone", 2 * runs) : null);
    if (wanted !== null) return wanted;
  }
  if (slow)
    return conclude(
      "flake (load)",
      `it is green alone, and the red run was ${red.slowdown?.toFixed(1)} times as slow as these`,
      { raise: "`--load` with a greater number, until it is red under load" },
    );
  return conclude("flake (timing)", "it is green alone, and nothing shows that load makes it red", {
    chance: loaded().red > 0 ? chance : null,
    raise: load > 0 ? MORE_RUNS : "`--load 4` shows whether load makes it red",
  });
}

function passing(sign: NonNullable<CauseEvidence["red"]["sign"]>): Verdict {
  return conclude(
    sign.kind,
    `the first error speaks of the surroundings (${sign.words}), and it is green now`,
  );
}

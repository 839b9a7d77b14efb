import { ESTABLISHED, ESTABLISHED_BY_TEST } from "./chance.ts";
import { contrast } from "./contrast.ts";
import type { CauseEvidence } from "./evidence.ts";
import {
  conclude,
  isPossible,
  MORE_RUNS,
  tallyOf,
  unresolved,
  type Verdict,
  WHEN_IDLE,
  wantRuns,
} from "./verdict.ts";

/** Red every time in the same way: finds out whether the release, the tests or something else is the cause. */
export function releaseRule(evidence: CauseEvidence): Verdict {
  if (!isPossible(evidence.arms.knownGood)) return withoutKnownGood(evidence);
  const wanted = wantRuns(evidence, "knownGood", 1);
  if (wanted !== null) return wanted;
  const known = tallyOf(evidence, "knownGood");
  if (known.green > 0) return knownGoodIsGreen(evidence);
  if (!evidence.isProven) return withoutKnownGood(evidence);
  const again = wantRuns(evidence, "knownGood", 2);
  if (again !== null) return again;
  if (known.counted < 2) return hostIsBusy();
  return areTestsInDoubt(evidence) ? knownGoodIsRed(evidence) : surroundings(evidence);
}

/** Changed tests cannot cause a failure outside of tests. */
function areTestsInDoubt({ red, testsChanged, isProven }: CauseEvidence): boolean {
  return isProven && red.isOfTest && testsChanged !== false;
}

function knownGoodIsGreen(evidence: CauseEvidence): Verdict {
  const known = tallyOf(evidence, "knownGood");
  if (known.red + known.otherRed > 0)
    return unresolved(
      "the known-good release is green and red in turn too: there is a flake beside it",
      MORE_RUNS,
    );
  if (evidence.red.sign !== null)
    return unresolved(
      `the first error speaks of the surroundings (${evidence.red.sign.words}), and yet the known-good release is green`,
      "see whether what the first error names is there for this release: if it is, the release is at fault",
    );
  const { red } = tallyOf(evidence, "alone");
  const limit = limitOfBlame(evidence);
  if (!areTestsInDoubt(evidence)) {
    const because = "it is red every time, and the known-good release is green with the same tests and tools";
    return contrast(evidence, { arm: "knownGood", reds: red, greens: known.green, limit }, (chance) =>
      conclude("recipe", because, { chance }),
    );
  }
  const { notPossible } = evidence.arms.lastGreenTests;
  if (notPossible !== null) return bothDiffer(`this cannot be tried: ${notPossible}`);
  const wanted = wantRuns(evidence, "lastGreenTests", 1);
  if (wanted !== null) return wanted;
  const before = tallyOf(evidence, "lastGreenTests");
  if (before.counted === 0) return hostIsBusy();
  if (before.green > 0) return bothDiffer("it passes those");
  const reds = red + before.red + before.otherRed;
  return contrast(evidence, { arm: "knownGood", reds, greens: known.green, limit }, (chance) =>
    conclude(
      "recipe",
      "it is red with today's tests and with those of the last green; the known-good release is green",
      { chance },
    ),
  );
}

function bothDiffer(withOldTests: string): Verdict {
  return unresolved(
    `the known-good release passes today's tests and this one does not; with the tests of the last green: ${withOldTests}`,
    "somebody reads the test that changed: may it ask that of this release?",
  );
}

/** Neither release passes today's tests: tries which passes those of the last green. */
function knownGoodIsRed(evidence: CauseEvidence): Verdict {
  const { notPossible } = evidence.arms.lastGreenTests;
  if (notPossible !== null)
    return unresolved(
      `today's tests are red with the known-good release too; with those of the last green it cannot be tried: ${notPossible}`,
      "read what changed in the tests, the tools and the configuration since the last green",
    );
  const wanted = wantRuns(evidence, "lastGreenTests", 1);
  if (wanted !== null) return wanted;
  const { green, red, otherRed, counted } = tallyOf(evidence, "lastGreenTests");
  const alone = tallyOf(evidence, "alone");
  if (counted === 0) return hostIsBusy();
  if (green > 0 && red + otherRed > 0)
    return unresolved("with the tests of the last green it is green and red in turn", MORE_RUNS);
  if (green > 0)
    return contrast(evidence, { arm: "lastGreenTests", reds: alone.red, greens: green }, (chance) =>
      conclude(
        "test",
        "every release is red with today's tests, and this one is green with those of the last green",
        { chance },
      ),
    );
  return redWithBothTests(evidence, red + otherRed);
}

function redWithBothTests(evidence: CauseEvidence, reds: number): Verdict {
  const { notPossible } = evidence.arms.knownGoodLastGreenTests;
  if (notPossible !== null) return unresolved(notPossible, "see why the known-good release cannot be tested");
  const wanted = wantRuns(evidence, "knownGoodLastGreenTests", 1);
  if (wanted !== null) return wanted;
  const known = tallyOf(evidence, "knownGoodLastGreenTests");
  if (known.counted === 0) return hostIsBusy();
  if (known.green === 0) return wantRuns(evidence, "knownGoodLastGreenTests", 2) ?? surroundings(evidence);
  if (known.red + known.otherRed > 0)
    return unresolved("the known-good release is green and red in turn too", MORE_RUNS);
  const more = wantRuns(evidence, "lastGreenTests", evidence.runs);
  if (more !== null) return more;
  const limit = limitOfBlame(evidence);
  return contrast(evidence, { arm: "knownGoodLastGreenTests", reds, greens: known.green, limit }, (chance) =>
    conclude("recipe", "with the tests of the last green it is red, and the known-good release is green", {
      chance,
      raise: "today's tests are red with the known-good release too: they need a look as well",
    }),
  );
}

/** The canonical was green and is now red with the very same tests: neither the release nor a test is the cause. */
function surroundings(evidence: CauseEvidence): Verdict {
  const { red, surroundingsChanged } = evidence;
  const what = "the known-good release is red too, with the tests with which it was green";
  if (red.sign !== null)
    return conclude(red.sign.kind, `${what}, and the first error says why (${red.sign.words})`);
  if (surroundingsChanged === false)
    return contrast(evidence, { arm: "knownGood", reds: redsSince(evidence), greens: LAST_GREEN }, (chance) =>
      conclude(
        "outside",
        `${what}, the same tools and the same configuration, while the control recipe is green`,
        { chance },
      ),
    );
  const known =
    surroundingsChanged === null
      ? "nobody knows whether tools or configuration changed"
      : "tools or configuration changed since";
  return unresolved(
    `${what}: ${known}, so that it is either that or the outside world`,
    "`canonical-sweep doctor` shows the tools; try again with those, and with the configuration, of the last green",
  );
}

/** The one green that contradicts a flake: the test that proved the canonical. */
const LAST_GREEN = 1;

/** All reds since that green: the investigated one and its runs, with any release and tests. */
function redsSince(evidence: CauseEvidence): number {
  const arms = ["alone", "knownGood", "lastGreenTests", "knownGoodLastGreenTests"] as const;
  const tallies = arms.map((arm) => tallyOf(evidence, arm));
  return tallies.reduce((sum, { red, otherRed }) => sum + red + otherRed, 1);
}

/** No release was ever proven: it is red from the first day on. */
function withoutKnownGood(evidence: CauseEvidence): Verdict {
  const { red, arms, isControlOfDeployer, lintPredicts } = evidence;
  const { red: reds } = tallyOf(evidence, "alone");
  if (lintPredicts)
    return conclude("recipe", "it is red every time, and `lint` finds in it what is known to break there", {
      raise: "mend the finding, publish, and test that release",
    });
  const why = arms.knownGood.notPossible ?? "no older release is green either";
  const raise = "a release that is green: then the two can be compared";
  if (red.isOfTest)
    return unresolved(`it is red every time, and nothing tells the release from the test: ${why}`, raise);
  if (!red.isDefinite || red.sign !== null || !isControlOfDeployer || !isPossible(arms.control))
    return unresolved(
      `it is red every time, and nothing says whether that is the release's doing: ${why}`,
      raise,
    );
  const { green: greens } = tallyOf(evidence, "control");
  return contrast(evidence, { arm: "control", reds, greens }, (chance) =>
    conclude(
      "recipe",
      "the release itself fails every time, in words of its own, while the control recipe is green",
      { chance, raise: `${raise}; something outside that only this app needs would look the same` },
    ),
  );
}

function limitOfBlame({ red }: CauseEvidence): number {
  return red.isOfTest ? ESTABLISHED_BY_TEST : ESTABLISHED;
}

function hostIsBusy(): Verdict {
  return unresolved("others were at work on this host while it ran", WHEN_IDLE);
}

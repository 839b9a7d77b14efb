import { contrast } from "./contrast.ts";
import type { CauseEvidence } from "./evidence.ts";
import { conclude, MORE_RUNS, tallyOf, unresolved, type Verdict, WHEN_IDLE, wantRuns } from "./verdict.ts";

const BY_HAND =
  "`canonical-sweep run RECIPE` tries the promotion once more, and counts if it fails in the same way";

/** Green in the test and red in the promotion: tries again on a copy of the canonical's data, without promoting. */
export function promotionRule(evidence: CauseEvidence): Verdict {
  const { arms, lintPredicts, promotionFailures, runs } = evidence;
  if (arms.onCopy.notPossible !== null) {
    if (isPredicted(evidence)) return predicted(evidence);
    return unresolved(
      `it was green when tested and failed when it was promoted; that cannot be tried again: ${arms.onCopy.notPossible}`,
      lintPredicts ? BY_HAND : "look at the warm app's log in the evidence of that run",
    );
  }
  const { green, red, otherRed, broken, counted } = tallyOf(evidence, "onCopy");
  if (broken > 0)
    return unresolved(
      "the surroundings failed while it was investigated",
      "mend what failed, then investigate again",
    );
  const reds = red + otherRed;
  if (green > 0 && reds > 0)
    return conclude(
      "flake (timing)",
      "on a copy of the canonical's data it is green and red in turn while it is alone",
      { raise: MORE_RUNS },
    );
  const wanted = wantRuns(evidence, "onCopy", runs);
  if (wanted !== null) return wanted;
  if (counted < runs) return unresolved("others were at work on this host", WHEN_IDLE);
  if (reds > 0) return redOnCopy(evidence, reds);
  if (isPredicted(evidence)) return predicted(evidence);
  return unresolved(
    `it is green on a copy of the canonical's data, and ${promotionFailures === 1 ? "one promotion" : `${promotionFailures} promotions`} failed with this first error: what differs is the warm app's place`,
    "compare what differs between cold and warm in the brief (domain, mounts, other stacks on the network)",
  );
}

function redOnCopy(evidence: CauseEvidence, reds: number): Verdict {
  const wanted = wantRuns(evidence, "knownGoodOnCopy", 1);
  if (wanted !== null) return wanted;
  const known = tallyOf(evidence, "knownGoodOnCopy");
  if (known.red + known.otherRed + known.broken > 0 || known.green === 0)
    return unresolved(
      "on a copy of the canonical's data this release is red, and so is the canonical's own",
      "see whether the retained data is whole: `canonical-sweep audit`",
    );
  const failures = reds + evidence.promotionFailures;
  return contrast(evidence, { arm: "knownGoodOnCopy", reds: failures, greens: known.green }, (chance) =>
    conclude("recipe", "it does not come up on the canonical's data, and the canonical's own release does", {
      chance,
    }),
  );
}

function isPredicted({ lintPredicts, promotionFailures }: CauseEvidence): boolean {
  return lintPredicts && promotionFailures >= 2;
}

function predicted({ promotionFailures }: CauseEvidence): Verdict {
  return conclude(
    "recipe",
    `${promotionFailures} promotions failed with the same first error, and \`lint\` finds in the release what is known to break there`,
    { raise: "mend the finding, publish, and let that release be promoted" },
  );
}

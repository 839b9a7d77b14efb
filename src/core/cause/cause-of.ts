import type { CauseEvidence } from "./evidence.ts";
import { flakeRule } from "./flake.ts";
import { promotionRule } from "./promotion.ts";
import { releaseRule } from "./release.ts";
import { type Conclusion, conclude, tallyOf, unresolved, type Verdict, wantRuns } from "./verdict.ts";

/**
 * The cause of a red, or the next run needed to find it, cheapest first. Pure: the same evidence gives the same answer.
 * Anything not established is `unresolved`, with a hint on how to proceed.
 */
export function judge(evidence: CauseEvidence): Verdict {
  return refusalRule(evidence) ?? controlRule(evidence) ?? signRule(evidence) ?? mainRule(evidence);
}

/** The cause that the present evidence establishes; `unresolved` if runs are missing. */
export function causeOf(evidence: CauseEvidence): Conclusion {
  const verdict = judge(evidence);
  if (!("wanted" in verdict)) return verdict;
  return unresolved("the investigation did not come to its end", "investigate again");
}

function mainRule(evidence: CauseEvidence): Verdict {
  if (evidence.red.at === "promotion") return promotionRule(evidence);
  return brokenRule(evidence) ?? flakeRule(evidence) ?? releaseRule(evidence);
}

function refusalRule({ red }: CauseEvidence): Verdict | null {
  if (red.at !== "refusal") return null;
  const what = "the promotion was refused before anything was touched, by what stands around the app";
  return conclude("machinery", `${what}: nothing of it speaks of the release`);
}

function controlRule(evidence: CauseEvidence): Verdict | null {
  const wanted = wantRuns(evidence, "control", 1);
  if (wanted !== null) return wanted;
  const { attempts } = evidence.arms.control;
  if (attempts[0]?.outcome === "green" || attempts.length === 0) return null;
  const again = wantRuns(evidence, "control", 2);
  if (again !== null) return again;
  if (attempts.some(({ outcome }) => outcome === "green")) return null;
  const isOutside = attempts.every(({ outcome }) => outcome === "outside");
  return conclude(
    isOutside ? "outside" : "machinery",
    "the control recipe, which is known to be good, is red too",
    { raise: "`canonical-sweep doctor` looks at everything that a test stands on" },
  );
}

/** The first error itself shows that the surroundings failed. */
function signRule(evidence: CauseEvidence): Verdict | null {
  const { sign } = evidence.red;
  if (sign === null || !sign.certain) return null;
  const arm = evidence.red.at === "promotion" ? "onCopy" : "alone";
  const wanted = wantRuns(evidence, arm, 1);
  if (wanted !== null) return wanted;
  const { red, otherRed, broken, green } = tallyOf(evidence, arm);
  if (red + otherRed > 0) return null;
  const now = broken > 0 ? "and it says so again now" : green > 0 ? "and it is green now" : "";
  const because = `the first error says that the surroundings failed (${sign.words})${now && `, ${now}`}`;
  return conclude(sign.kind, because);
}

/** The surroundings failed during the investigation, which proves nothing about the red. */
function brokenRule(evidence: CauseEvidence): Verdict | null {
  const { sign } = evidence.red;
  const arms = ["alone", "knownGood", "lastGreenTests", "knownGoodLastGreenTests"] as const;
  const broken = arms.flatMap((arm) =>
    evidence.arms[arm].attempts.filter(({ outcome }) => outcome === "machinery" || outcome === "outside"),
  );
  const [first] = broken;
  if (first === undefined) return null;
  if (sign !== null && first.outcome === sign.kind)
    return conclude(sign.kind, `it was so in the red (${sign.words}), and it is so now`);
  return unresolved(
    `the surroundings failed while it was investigated (${first.outcome}), and the red does not say so of itself`,
    "mend what failed (the run's log names it), then investigate again",
  );
}

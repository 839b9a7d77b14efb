import { chanceOfNoDifference, ESTABLISHED } from "./chance.ts";
import type { Arm, CauseEvidence } from "./evidence.ts";
import { MORE_RUNS, unresolved, type Verdict, wantRuns } from "./verdict.ts";

interface Contrast {
  /** The green kind, of which more runs can be made. */
  arm: Arm;
  reds: number;
  greens: number;
  /** Above this chance, nothing is established. */
  limit?: number;
}

/** One kind of runs is always red, the other green: asks for more runs until chance is ruled out. */
export function contrast(
  evidence: CauseEvidence,
  { arm, reds, greens, limit = ESTABLISHED }: Contrast,
  established: (chance: number) => Verdict,
): Verdict {
  const chance = chanceOfNoDifference(reds, greens);
  if (chance <= limit) return established(chance);
  return wantRuns(evidence, arm, evidence.runs) ?? tooFew(reds, greens, chance);
}

function tooFew(reds: number, greens: number, chance: number): Verdict {
  const percent = (100 * chance).toFixed(0);
  return unresolved(
    `${reds} runs of one kind are red and ${greens} of the other green: that is chance in up to ${percent} of 100 cases`,
    `${MORE_RUNS}: 3 of each kind are enough where all agree`,
  );
}

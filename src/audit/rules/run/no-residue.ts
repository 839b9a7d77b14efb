import type { Rule } from "../../rule.ts";

const COMMAND = "canonical-sweep clean --dry-run";

/** Reads: objects of ours that belong to no canonical, no hold and no running test. */
export const noResidue: Rule = {
  id: "no-residue",
  claim: "nothing is left of a test or of a promotion that has ended",
  judge: ({ residue }) => {
    if (residue === null) return [];
    if (residue.state === "unseen")
      return [{ kind: "not-checked", evidence: residue.problem, command: COMMAND }];
    return residue.value.map((evidence) => ({ evidence, command: COMMAND }));
  },
};

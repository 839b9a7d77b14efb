import { provenOf } from "../../facts.ts";
import type { Rule } from "../../rule.ts";

/** Reads: the record, and the bare mirror's kept commit of its version. */
export const commitKept: Rule = {
  id: "commit-kept",
  claim: "the commit of the record is kept in the bare mirror, whatever becomes of its tag",
  judge: (facts) =>
    provenOf(facts).flatMap(({ recipe, record, keptCommit, mirrors }) => {
      const place = mirrors[0]?.place ?? "the bare mirror";
      const command = mirrors[0]?.command ?? `canonical-sweep explain ${recipe}`;
      if (keptCommit.state === "unseen")
        return [{ kind: "not-checked" as const, recipe, evidence: keptCommit.problem, command }];
      // Commits recorded by another program were never kept here: the next promotion or `adopt` keeps them.
      if (record.schema === undefined && keptCommit.value === null) return [];
      if (keptCommit.value?.commit === record.commit) return [];
      const found = keptCommit.value === null ? "nothing" : keptCommit.value.commit;
      return [{ recipe, evidence: `${place} keeps ${found} for ${record.version}`, command }];
    }),
};

import { outcomeOfRow } from "../../../core/label/label.ts";
import type { RecipeReport } from "../../../core/records/report.ts";
import { provenOf } from "../../facts.ts";
import type { Rule } from "../../rule.ts";
import { rowsOf } from "../../runs.ts";

/** Reads: the enrolled recipes, those with a canonical, and the newest row of the others. */
export const enrolledHasRow: Rule = {
  id: "enrolled-has-row",
  claim: "every enrolled recipe without a canonical has a label and a reason",
  judge: (facts) => {
    const moving = facts.canonicals.filter(({ isMoving }) => isMoving);
    const left = new Set([...provenOf(facts), ...moving].map(({ recipe }) => recipe));
    return facts.enrolled
      .filter((recipe) => !left.has(recipe))
      .flatMap((recipe) => {
        const newest = rowsOf(facts.runs).findLast(({ row }) => row.recipe === recipe);
        const problem =
          newest === undefined
            ? `no report in ${facts.state}/runs has a row of ${recipe}`
            : problemOf(newest.row, newest.run.reportFile);
        const command =
          newest === undefined
            ? `canonical-sweep plan ${recipe}`
            : `canonical-sweep show ${newest.run.run} ${recipe}`;
        return problem === null ? [] : [{ recipe, evidence: problem, command }];
      });
  },
};

function problemOf(row: RecipeReport, file: string): string | null {
  const outcome = outcomeOfRow(row);
  if (outcome === null) return `${file}: \`${row.label}\` is no label`;
  const reason = outcome.kind === "SKIP" ? outcome.detail : outcome.code;
  return row.detail.trim() === "" && reason === "" ? `${file}: \`${row.label}\` has no reason` : null;
}

import { z } from "zod";
import { kindOf, outcomeOfRow } from "../../../core/label/label.ts";
import { RowOutcome } from "../../../core/outcome.ts";
import type { RecipeReport } from "../../../core/records/report.ts";
import type { Rule } from "../../rule.ts";
import { lastOf, type RunFacts, rowsOf } from "../../runs.ts";

/** Reads: each row of a report, and the decision, outcome and label of the same recipe in the journal. */
export const rowAsJournaled: Rule = {
  id: "row-as-journaled",
  claim: "every row of a report matches the journal",
  judge: ({ runs }) =>
    rowsOf(runs.filter(({ journal }) => journal.length > 0)).flatMap(({ run, row }) => {
      const differences = differencesOf(run, row);
      if (differences.length === 0) return [];
      const { recipe } = row;
      const evidence = `${run.reportFile} says ${differences.join("; ")}`;
      return [{ recipe, run: run.run, evidence, command: `grep '"recipe":"${recipe}"' ${run.journalFile}` }];
    }),
};

function differencesOf(run: RunFacts, row: RecipeReport): string[] {
  const labelled = Journaled.safeParse(lastOf(run, "labelled", row.recipe)?.row);
  if (labelled.success) return differences(summaryOf(row), summaryOf(labelled.data));
  const kind = kindOf(row);
  if (row.decision.action === "RUN" && kind !== "NOT-RUN" && kind !== "BLOCKED")
    return [`\`${row.label}\`; the journal has no label of ${row.recipe}`];
  return skippedOtherwise(run, row);
}

/** The compared parts of a journal's row; text may have been redacted further. */
const Ref = z.object({ version: z.string(), commit: z.string() }).nullable();
const Journaled = z.object({
  label: z.string(),
  outcome: RowOutcome.optional(),
  target: Ref,
  canonicalBefore: Ref,
  canonicalAfter: Ref,
  tiers: z.array(z.object({ tier: z.string(), status: z.string() })),
  promotion: z.object({ to: z.string(), result: z.string(), sentinel: z.string().optional() }).nullable(),
});

function summaryOf(row: z.infer<typeof Journaled>): Record<string, string> {
  const ref = (value: z.infer<typeof Ref>) => (value === null ? "none" : `${value.version} ${value.commit}`);
  const { promotion } = row;
  const outcome = outcomeOfRow(row);
  return {
    label: row.label,
    outcome: outcome === null ? "none" : `${outcome.kind} ${outcome.code}`,
    target: ref(row.target),
    canonicalBefore: ref(row.canonicalBefore),
    canonicalAfter: ref(row.canonicalAfter),
    tiers: row.tiers.map(({ tier, status }) => `${tier} ${status}`).join(", "),
    promotion:
      promotion === null ? "none" : `${promotion.result} ${promotion.to} ${promotion.sentinel ?? ""}`.trim(),
  };
}

function differences(
  reported: Readonly<Record<string, string>>,
  journaled: Readonly<Record<string, string>>,
): string[] {
  return Object.keys(reported)
    .filter((name) => reported[name] !== journaled[name])
    .map((name) => `${name}: ${reported[name]}; the journal says ${journaled[name]}`);
}

// Recipes that were not tested have no label in the journal, only a decision.
function skippedOtherwise(run: RunFacts, row: RecipeReport): string[] {
  const decided = lastOf(run, "decided", row.recipe);
  if (row.decision.action !== "SKIP") return [];
  if (decided?.action === "SKIP" && decided.reason === row.decision.reason) return [];
  const found = decided === null ? "nothing" : `${decided.action} ${decided.reason}`;
  return [`SKIP ${row.decision.reason} of ${row.recipe}; the journal says that it decided ${found}`];
}

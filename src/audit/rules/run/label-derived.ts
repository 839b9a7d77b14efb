import { labelFor, labelKind } from "../../../core/label/label.ts";
import type { Outcome } from "../../../core/outcome.ts";
import type { RecipeReport } from "../../../core/records/report.ts";
import { wasExecuted } from "../../../core/tier.ts";
import type { Rule } from "../../rule.ts";
import { rowsOf } from "../../runs.ts";

/** Reads: each row of a report: its decision, its tiers, its promotion and the record that it read back. */
export const labelDerived: Rule = {
  id: "label-derived",
  claim: "every label follows from the tiers, the promotion and the record in its row",
  judge: ({ runs }) =>
    rowsOf(runs).flatMap(({ run, row }) => {
      const problem = problemOf(row);
      if (problem === null) return [];
      return [
        {
          recipe: row.recipe,
          run: run.run,
          evidence: `${run.reportFile}: the label is \`${row.label}\`; ${problem}`,
          command: `canonical-sweep show ${run.run} ${row.recipe}`,
        },
      ];
    }),
};

function problemOf(row: RecipeReport): string | null {
  const kind = labelKind(row.label);
  if (kind === null) return "that is no label";
  // Only the label says why nothing is known or nothing was done.
  if (kind === "BLOCKED" || kind === "NOT-RUN") return contradictionOf(row);
  if (kind === "SKIP") return problemOfSkip(row);
  const derived = labelFor(outcomeOf(row));
  if (kind === "PASS-NOT-PROMOTED") return problemOfNotPromoted(row, derived);
  return derived === row.label ? null : `what stands there makes \`${derived}\``;
}

/** The outcome of a tested row, by its tiers first. */
function outcomeOf(row: RecipeReport): Outcome {
  const version = row.target?.version ?? "nothing";
  const canonical = row.canonicalAfter?.version ?? null;
  const red = row.tiers.find((end) => end.status === "failed");
  if (red !== undefined) return { kind: "FAIL", tier: red.tier, canonical };
  const { promotion } = row;
  const isGreen = row.tiers.length > 0 && row.tiers.every((end) => end.status === "passed");
  if (!isGreen || promotion === null) return { kind: "PASS-NOT-PROMOTED", version, reason: "…" };
  const isRecorded = canonical === version && row.canonicalAfter?.commit === row.target?.commit;
  const dataProven = promotion.sentinel === "planted" || promotion.sentinel === "verified";
  const failed: Outcome = { kind: "GREEN-BUT-PROMOTE-FAILED", canonical, expected: version };
  return isRecorded && promotion.result === "promoted" ? { kind: "PASS", version, dataProven } : failed;
}

// Only the label says which condition was not met.
function problemOfNotPromoted(row: RecipeReport, derived: string): string | null {
  const version = row.target?.version ?? "nothing";
  if (row.promotion !== null) return "a promotion was tried";
  if (row.tiers.some((end) => end.status === "not-reached")) return "a tier was not reached";
  if (!derived.startsWith("PASS-NOT-PROMOTED")) return `what stands there makes \`${derived}\``;
  return row.label.startsWith(`PASS-NOT-PROMOTED (${version}; `) ? null : `it tested ${version}`;
}

function problemOfSkip({ decision, label, promotion, tiers }: RecipeReport): string | null {
  if (decision.action !== "SKIP") return `the decision was ${decision.action}`;
  if (tiers.length > 0 || promotion !== null) return "it was tested";
  return label.startsWith(`SKIP ${decision.reason}`) ? null : `the reason was ${decision.reason}`;
}

function contradictionOf({ decision, label, promotion, tiers }: RecipeReport): string | null {
  if (decision.action === "BLOCKED" && !label.startsWith(`BLOCKED (${decision.reason}`))
    return `the decision was BLOCKED (${decision.reason})`;
  if (decision.action === "SKIP") return `the decision was SKIP ${decision.reason}`;
  const isWhole = tiers.length > 0 && tiers.every(wasExecuted);
  return promotion?.result === "promoted" && isWhole ? "it was promoted" : null;
}

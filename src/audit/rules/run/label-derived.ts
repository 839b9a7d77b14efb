import { isOwnLabel, labelFor, labelOf, outcomeOfRow } from "../../../core/label/label.ts";
import type { Outcome, RowOutcome } from "../../../core/outcome.ts";
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
      const { recipe } = row;
      const evidence = `${run.reportFile}: the label is \`${row.label}\`; ${problem}`;
      return [{ recipe, run: run.run, evidence, command: `canonical-sweep show ${run.run} ${recipe}` }];
    }),
};

function problemOf(row: RecipeReport): string | null {
  const outcome = outcomeOfRow(row);
  if (outcome === null) return "that is no label";
  const version = row.target?.version ?? "nothing";
  if (!isOwnLabel(row, version)) return `its outcome makes \`${labelOf(outcome, version)}\``;
  // Only the outcome says why nothing is known or nothing was done.
  if (outcome.kind === "BLOCKED" || outcome.kind === "NOT-RUN") return contradictionOf(row, outcome);
  if (outcome.kind === "SKIP") return problemOfSkip(row, outcome);
  const derived = outcomeOf(row, version);
  if (outcome.kind === "PASS-NOT-PROMOTED") return problemOfNotPromoted(row, derived);
  return labelFor(derived) === row.label ? null : makes(derived);
}

/** The outcome of a tested row, by its tiers first. */
function outcomeOf(row: RecipeReport, version: string): Outcome {
  const canonical = row.canonicalAfter?.version ?? null;
  const red = row.tiers.find((end) => end.status === "failed");
  if (red !== undefined) return { kind: "FAIL", tier: red.tier, canonical };
  const { promotion } = row;
  const isGreen = row.tiers.length > 0 && row.tiers.every((end) => end.status === "passed");
  if (!isGreen || promotion === null)
    return { kind: "PASS-NOT-PROMOTED", version, reason: { code: "not-tried", detail: "" } };
  const isRecorded = canonical === version && row.canonicalAfter?.commit === row.target?.commit;
  const dataProven = promotion.sentinel === "planted" || promotion.sentinel === "verified";
  const failed: Outcome = { kind: "GREEN-BUT-PROMOTE-FAILED", canonical, expected: version };
  return isRecorded && promotion.result === "promoted" ? { kind: "PASS", version, dataProven } : failed;
}

function makes(derived: Outcome): string {
  const label =
    derived.kind === "PASS-NOT-PROMOTED" ? `${derived.kind} (${derived.version}; …)` : labelFor(derived);
  return `what stands there makes \`${label}\``;
}

// Only the outcome says which condition was not met.
function problemOfNotPromoted(row: RecipeReport, derived: Outcome): string | null {
  if (row.promotion !== null) return "a promotion was tried";
  if (row.tiers.some((end) => end.status === "not-reached")) return "a tier was not reached";
  return derived.kind === "PASS-NOT-PROMOTED" ? null : makes(derived);
}

function problemOfSkip({ decision, promotion, tiers }: RecipeReport, { code }: RowOutcome): string | null {
  if (decision.action !== "SKIP") return `the decision was ${decision.action}`;
  if (tiers.length > 0 || promotion !== null) return "it was tested";
  return code === decision.reason ? null : `the reason was ${decision.reason}`;
}

function contradictionOf({ decision, promotion, tiers }: RecipeReport, outcome: RowOutcome): string | null {
  const isSame = outcome.kind === "BLOCKED" && outcome.code === decision.reason;
  if (decision.action === "BLOCKED" && !isSame) return `the decision was BLOCKED (${decision.reason})`;
  if (decision.action === "SKIP") return `the decision was SKIP ${decision.reason}`;
  const isWhole = tiers.length > 0 && tiers.every(wasExecuted);
  return promotion?.result === "promoted" && isWhole ? "it was promoted" : null;
}

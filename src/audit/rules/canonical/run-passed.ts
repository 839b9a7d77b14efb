import { kindOf, labelFor } from "../../../core/label/label.ts";
import type { RecipeReport } from "../../../core/records/report.ts";
import { wasExecuted } from "../../../core/tier.ts";
import { provenOf } from "../../facts.ts";
import type { Rule } from "../../rule.ts";
import { rowOfRecord } from "../../runs.ts";

/** Reads: the record, and the row of the run that wrote it. */
export const runPassed: Rule = {
  id: "run-passed",
  claim: "the run that wrote the record says PASS for that version, with every planned tier executed",
  judge: (facts) =>
    provenOf(facts).flatMap(({ recipe, record }) => {
      const tested = rowOfRecord(facts.runs, record, recipe);
      if (tested === null) return [];
      const { run, row } = tested;
      const open = row.tiers.filter((end) => !wasExecuted(end));
      const problems = [
        isPassOf(row, record.version) ? null : `the label is \`${row.label}\``,
        row.target?.version === record.version ? null : `it tested ${row.target?.version ?? "nothing"}`,
        row.target?.commit === record.commit ? null : `it tested the commit ${row.target?.commit ?? "none"}`,
        row.tiers.length > 0 ? null : "it has no tier",
        ...open.map((end) => `${end.tier} is ${end.status}`),
      ].filter((problem) => problem !== null);
      if (problems.length === 0) return [];
      const recorded = `the record is ${record.version} of ${record.commit}`;
      const evidence = `${run.reportFile}: ${problems.join("; ")}; ${recorded}`;
      return [{ recipe, run: run.run, evidence, command: `canonical-sweep show ${run.run} ${recipe}` }];
    }),
};

function isPassOf(row: RecipeReport, version: string): boolean {
  const labels = [true, false].map((dataProven) => labelFor({ kind: "PASS", version, dataProven }));
  return kindOf(row) === "PASS" && labels.includes(row.label);
}

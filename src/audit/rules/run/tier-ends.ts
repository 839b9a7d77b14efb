import type { RecipeReport } from "../../../core/records/report.ts";
import type { Rule } from "../../rule.ts";
import { type RunFacts, rowsOf } from "../../runs.ts";

/** Reads: each tier of a tested row, and its end in the journal. */
export const tierEnds: Rule = {
  id: "tier-ends",
  claim: "every tier of a report ended as the journal says, at that time",
  judge: ({ runs }) =>
    rowsOf(runs.filter(({ journal }) => journal.length > 0))
      .filter(({ row }) => row.testedIn === undefined && row.tiers.length > 0)
      .flatMap(({ run, row }) => {
        const differences = differencesOf(run, row);
        if (differences.length === 0) return [];
        const evidence = `${run.reportFile}: ${differences.join("; ")}`;
        const command = `grep '"tier-ended"' ${run.journalFile}`;
        return [{ recipe: row.recipe, run: run.run, evidence, command }];
      }),
};

function differencesOf({ journal }: RunFacts, row: RecipeReport): string[] {
  const ended = journal.filter((entry) => entry.event === "tier-ended" && entry.recipe === row.recipe);
  const reported = row.tiers.flatMap((end) => {
    const line = ended.findLast((entry) => entry.tier === end.tier);
    // If the lane gave no answer after a red, the red was withdrawn and nothing is known of the tier.
    if (end.status === "not-reached" && end.because === "machinery") return [];
    if (line === undefined) return [`${end.tier} is ${end.status}; the journal has no end of it`];
    if (line.status !== end.status)
      return [`${end.tier} is ${end.status}; the journal says ${String(line.status)}`];
    if (line.durationMs === end.durationMs) return [];
    return [`${end.tier} took ${end.durationMs} ms; the journal says ${String(line.durationMs)} ms`];
  });
  const unreported = ended
    .filter((entry) => !row.tiers.some((end) => end.tier === entry.tier))
    .map((entry) => `it has no ${String(entry.tier)}; the journal says that it ${String(entry.status)}`);
  return [...reported, ...new Set(unreported)];
}

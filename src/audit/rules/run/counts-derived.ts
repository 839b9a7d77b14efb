import { isDeepStrictEqual } from "node:util";
import { honestyOf } from "../../../core/label/honesty.ts";
import { kindOf } from "../../../core/label/label.ts";
import type { Report } from "../../../core/records/report.ts";
import type { Rule } from "../../rule.ts";
import type { JournalEntry, RunFacts } from "../../runs.ts";

/** Reads: the counts, the exit code and the rows of each report, and the last line of its journal. */
export const countsDerived: Rule = {
  id: "counts-derived",
  claim: "the counts and the exit code of a report follow from its rows",
  judge: ({ runs }) =>
    runs.flatMap((run) =>
      run.reading.state !== "read"
        ? []
        : problemsOf(run.reading.report, endOf(run)).map((problem) => ({
            run: run.run,
            evidence: `${run.reportFile}: ${problem}`,
            command: `canonical-sweep show ${run.run}`,
          })),
    ),
};

function problemsOf(report: Report, end: JournalEntry | undefined): string[] {
  const { honesty, recipes } = report;
  const derived = honestyOf(recipes, report.hollowReasons.length > 0);
  const wrong = (Object.keys(derived) as (keyof typeof derived)[])
    .filter((name) => derived[name] !== honesty[name])
    .map((name) => `${name} is ${honesty[name]}; the rows make ${derived[name]}`);
  const isRed = recipes.some((row) => ["FAIL", "GREEN-BUT-PROMOTE-FAILED"].includes(kindOf(row) ?? ""));
  if (report.exit === 0 && isRed) wrong.push("the exit code is 0, and a row is red");
  if (end === undefined) return wrong;
  if (end.exit !== report.exit)
    wrong.push(`the exit code is ${report.exit}; the journal says ${String(end.exit)}`);
  if (!isDeepStrictEqual(end.honesty, honesty)) wrong.push("the journal has other counts");
  return wrong;
}

// Another rule reports a journal that was cut.
function endOf({ journal }: RunFacts): JournalEntry | undefined {
  return journal.findLast((entry) => entry.event === "ended" && entry.exit !== undefined);
}

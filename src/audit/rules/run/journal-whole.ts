import type { Rule } from "../../rule.ts";
import type { RunFacts } from "../../runs.ts";

/** Reads: the journal of each run with a report, which is written just before the journal ends. */
export const journalWhole: Rule = {
  id: "journal-whole",
  claim: "the journal of a run with a report goes from its beginning to its end",
  judge: ({ runs }) =>
    runs
      .filter(({ reading }) => reading.state === "read")
      .flatMap((run) =>
        gapsOf(run).map((gap) => ({
          run: run.run,
          evidence: `${run.journalFile}: ${gap}`,
          command: `less ${run.journalFile}`,
        })),
      ),
};

function gapsOf({ journal, run, strangeLines }: RunFacts): string[] {
  if (journal.length === 0) return ["it is not there, or empty"];
  // Issues on a forge are updated after the report is written.
  const last = journal.findLast((entry) => entry.event !== "issue");
  const other = journal.find((entry) => entry.run !== run);
  return [
    ...(strangeLines === 0 ? [] : [`${strangeLines} lines are not lines of a journal`]),
    ...(other === undefined ? [] : [`a line is of run ${other.run}`]),
    ...(journal[0]?.event === "began" ? [] : [`it begins with \`${journal[0]?.event}\``]),
    ...(last?.event === "ended" ? [] : [`it ends with \`${last?.event}\``]),
  ];
}

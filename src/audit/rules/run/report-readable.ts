import type { Rule } from "../../rule.ts";

/** Reads: whether each ended run has its report and all files that the report names. */
export const reportReadable: Rule = {
  id: "report-readable",
  claim: "a run that came to its end has its report, with all that it names",
  judge: ({ runs }) =>
    runs.flatMap(({ run, reading, journal, missingFiles, reportFile }) => {
      const command = `ls -la ${reportFile.replace(/\/[^/]*$/, "")}`;
      if (reading.state === "unreadable") return [{ run, evidence: reading.problem, command }];
      const hasEnded = journal.some((entry) => entry.event === "ended" && entry.exit !== undefined);
      if (reading.state === "absent")
        return hasEnded ? [{ run, evidence: `${reportFile} is not there`, command }] : [];
      return missingFiles.map((file) => ({ run, evidence: `${file} is not there`, command }));
    }),
};

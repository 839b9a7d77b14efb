import { provenOf } from "../../facts.ts";
import type { Rule } from "../../rule.ts";
import { rowTestedIn } from "../../runs.ts";

/** Reads: the record, and the reports of all runs. An adopted canonical has no such run. */
export const runExists: Rule = {
  id: "run-exists",
  claim: "the run that wrote the record is there, with its report",
  judge: (facts) =>
    provenOf(facts).flatMap(({ recipe, record, paths }) => {
      if (record.adopted === true) return [];
      const { run } = record;
      if (run === undefined) {
        const evidence = `${paths.record} names no run: another program wrote it`;
        return [{ recipe, evidence, command: `canonical-sweep explain ${recipe}` }];
      }
      if (rowTestedIn(facts.runs, run, recipe) !== null) return [];
      const found = facts.runs.find((entry) => entry.run === run);
      const evidence =
        found === undefined
          ? `${facts.state}/runs has no ${run}`
          : found.reading.state === "read"
            ? `${found.reportFile} has no row of ${recipe}`
            : found.reading.state === "unreadable"
              ? found.reading.problem
              : `${found.reportFile} is not there, and no other report has what that run tested`;
      return [{ recipe, run, evidence, command: `canonical-sweep history ${recipe}` }];
    }),
};

import { fingerprint } from "../../../environment/fingerprint.ts";
import type { Rule } from "../../rule.ts";

/** Reads: the tools and the fingerprint in each report, and the fingerprint at the start of its journal. */
export const fingerprintDerived: Rule = {
  id: "fingerprint-derived",
  claim: "the fingerprint of a report is that of the tools that it lists, and of its journal",
  judge: ({ runs }) =>
    runs.flatMap(({ run, reading, journal, reportFile }) => {
      if (reading.state !== "read") return [];
      const { environment } = reading.report;
      const derived = fingerprint(environment.tools);
      const began = journal.find((entry) => entry.event === "began")?.fingerprint;
      const other = derived !== environment.fingerprint ? derived : (began ?? derived);
      if (other === environment.fingerprint) return [];
      const whose = other === derived ? "its tools make" : "the journal says";
      const evidence = `${reportFile} has the fingerprint ${environment.fingerprint}; ${whose} ${String(other)}`;
      return [{ run, evidence, command: `canonical-sweep doctor --compare ${run}` }];
    }),
};

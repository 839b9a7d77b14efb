import { kindOf } from "../../../core/label/label.ts";
import type { AuditFacts, CanonicalFacts } from "../../facts.ts";
import type { Rule } from "../../rule.ts";
import { rowsOf } from "../../runs.ts";

/** Reads: the newest PASS row of each recipe, its record, and the history since. */
export const newestPromotion: Rule = {
  id: "newest-promotion",
  claim: "the record is the one that the newest promotion wrote",
  judge: (facts) =>
    newestPasses(facts).flatMap(({ recipe, run, version, endedAt, reportFile }) => {
      const canonical = facts.canonicals.find((entry) => entry.recipe === recipe);
      if (canonical?.isMoving === true || canonical?.reading.state === "unreadable") return [];
      if (isTakenBackSince(canonical, endedAt)) return [];
      const record = canonical?.reading.state === "read" ? canonical.reading.record : null;
      if (record?.version === version && record.run === run) return [];
      // The report of a newer run is gone: the rule about the record's run reports that.
      if (record?.run !== undefined && record.run > run) return [];
      const found =
        record === null ? "there is no record" : `the record is ${record.version} of run ${record.run}`;
      const evidence = `${reportFile} says that run ${run} promoted ${version}; ${found}`;
      return [{ recipe, run, evidence, command: `canonical-sweep history ${recipe}` }];
    }),
};

interface Pass {
  recipe: string;
  run: string;
  version: string;
  endedAt: string;
  reportFile: string;
}

function newestPasses({ runs }: AuditFacts): Pass[] {
  const newest = new Map<string, Pass>();
  for (const { run, row } of rowsOf(runs)) {
    if (kindOf(row) !== "PASS" || run.reading.state !== "read") continue;
    newest.set(row.recipe, {
      recipe: row.recipe,
      run: row.testedIn ?? run.run,
      version: row.target?.version ?? "nothing",
      endedAt: run.reading.report.endedAt,
      reportFile: run.reportFile,
    });
  }
  return [...newest.values()];
}

function isTakenBackSince(canonical: CanonicalFacts | undefined, endedAt: string): boolean {
  if (canonical?.history.state !== "seen") return false;
  return canonical.history.value.entries.some(
    ({ event, ts }) =>
      ["revoked", "adopted", "discarded"].includes(event) && Date.parse(ts) >= Date.parse(endedAt),
  );
}

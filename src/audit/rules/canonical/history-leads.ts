import type { HistoryEntry } from "../../../canonical/store.ts";
import type { Canonical } from "../../../core/canonical.ts";
import type { Rule } from "../../rule.ts";

/** Reads: the lines of the history in order, and the record. */
export const historyLeads: Rule = {
  id: "history-leads",
  claim: "the history leads from record to record, and to the one that stands",
  judge: ({ canonicals }) =>
    canonicals.flatMap(({ history, paths, reading, recipe }) => {
      const command = `canonical-sweep history ${recipe}`;
      if (history.state === "unseen")
        return [{ kind: "not-checked" as const, recipe, evidence: history.problem, command }];
      const { entries, problem } = history.value;
      const record = reading.state === "read" ? reading.record : null;
      const gaps = [
        ...(problem === null ? [] : [problem]),
        ...walk(entries).map((gap) => `${paths.history}: ${gap}`),
        ...(reading.state === "unreadable" ? [] : ends(entries, record, paths.history)),
      ];
      return gaps.map((evidence) => ({ recipe, evidence, command }));
    }),
};

/** Lines that do not begin where the line before ended. */
function walk(entries: readonly HistoryEntry[]): string[] {
  const gaps: string[] = [];
  // A history may begin over another program's record, so the first line is trusted.
  let current = entries[0]?.from ?? null;
  for (const { event, from, to, ts } of entries) {
    if (event !== "discarded" && from !== current)
      gaps.push(
        `the ${event} of ${ts} begins at ${from ?? "none"}; the line before it ends at ${current ?? "none"}`,
      );
    if (event === "refused" || event === "rolled-back") current = from;
    else current = event === "revoked" || event === "discarded" ? null : to;
  }
  return gaps;
}

function ends(entries: readonly HistoryEntry[], record: Canonical | null, file: string): string[] {
  const last = entries.findLast(({ event }) => event !== "refused" && event !== "rolled-back");
  if (record?.status === "revoked")
    return last?.event === "revoked" ? [] : [`${file} does not say that ${record.version} was revoked`];
  if (record === null) {
    const counts = last !== undefined && last.event !== "revoked" && last.event !== "discarded";
    return counts ? [`${file} ends at ${last.to}, and there is no record`] : [];
  }
  // Another program's record has no history of ours.
  if (record.schema === undefined && last === undefined) return [];
  if (last === undefined) return [`${file} has no line that leads to ${record.version}`];
  if (last.to !== record.version || last.event === "revoked")
    return [`${file} ends at ${last.event} ${last.to ?? ""}; the record is ${record.version}`];
  if (record.run !== undefined && last.run !== record.run)
    return [`${file} says that run ${last.run} wrote ${last.to}; the record says ${record.run}`];
  if (typeof last.commit === "string" && last.commit !== record.commit)
    return [`${file} has the commit ${last.commit} for ${last.to}; the record has ${record.commit}`];
  return [];
}

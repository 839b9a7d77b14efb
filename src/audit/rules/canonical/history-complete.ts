import type { PromotionReport } from "../../../core/records/report.ts";
import type { Rule } from "../../rule.ts";
import { rowsOf } from "../../runs.ts";

/** Reads: every promotion in a report, and the lines of that recipe's history. */
export const historyComplete: Rule = {
  id: "history-complete",
  claim: "every promotion that a report tells of has its line in the history",
  judge: (facts) =>
    rowsOf(facts.runs).flatMap(({ run, row }) => {
      const { promotion, recipe } = row;
      const canonical = facts.canonicals.find((entry) => entry.recipe === recipe);
      const history = canonical?.history;
      if (promotion === null || canonical?.isMoving === true || history?.state === "unseen") return [];
      const id = row.testedIn ?? run.run;
      const event = eventOf(promotion);
      const isThere = history?.value.entries.some(
        (entry) => entry.run === id && entry.event === event && entry.to === promotion.to,
      );
      if (isThere === true) return [];
      const evidence = `${run.reportFile} tells of ${event} ${promotion.to} in run ${id}; the history of ${recipe} has no such line`;
      return [{ recipe, run: run.run, evidence, command: `canonical-sweep history ${recipe}` }];
    }),
};

function eventOf({ kind, result }: PromotionReport): string {
  return result === "promoted" ? kind : result;
}

import type { Reason } from "../outcome.ts";
import type { RecipeReport } from "../records/report.ts";
import { isOutcome, kindOf } from "./label.ts";

/** The parts of a row that the breaker looks at. */
export type Watched = Pick<RecipeReport, "decision" | "label" | "outcome" | "detail" | "testedIn">;

/**
 * Why a lane is given up after these rows, in the order in which they were made: `limit` of them in a row were broken
 * by machinery. Rows of recipes that were not tested now do not count. Null: it continues. Once given up it stays so.
 */
export function whyGivenUp(rows: readonly Watched[], limit: number): Reason<"machinery"> | null {
  let inARow = 0;
  for (const row of rows) {
    if (!wasTested(row)) continue;
    inARow = isOutcome(row, "BLOCKED", "machinery") ? inARow + 1 : 0;
    if (inARow >= limit)
      return { code: "machinery", detail: `${inARow} failures in a row; the last: ${row.detail}` };
  }
  return null;
}

function wasTested(row: Watched): boolean {
  return row.decision.action === "RUN" && kindOf(row) !== "NOT-RUN" && row.testedIn === undefined;
}

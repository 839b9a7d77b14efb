import type { RecipeReport } from "../records/report.ts";
import { labelKind } from "./label.ts";

/** What of a row the breaker looks at. */
export type Watched = Pick<RecipeReport, "decision" | "label" | "detail" | "testedIn">;

/**
 * Why a lane is given up after these rows, in the order in which they were made: so many of them in a row were
 * broken by machinery. Rows of what was not tested now say nothing of it. Null: it goes on. Once given up it stays so.
 */
export function whyGivenUp(rows: readonly Watched[], limit: number): string | null {
  let inARow = 0;
  for (const row of rows) {
    if (!wasTested(row)) continue;
    inARow = row.label.startsWith("BLOCKED (machinery") ? inARow + 1 : 0;
    if (inARow >= limit) return `machinery: ${inARow} failures in a row; the last: ${row.detail}`;
  }
  return null;
}

function wasTested({ decision, label, testedIn }: Watched): boolean {
  return decision.action === "RUN" && labelKind(label) !== "NOT-RUN" && testedIn === undefined;
}

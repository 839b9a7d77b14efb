import { kindOf } from "../label/label.ts";
import type { RecipeReport } from "../records/report.ts";

/** The one command with which a person begins on a row. */
export function nextCommand(
  row: Pick<RecipeReport, "recipe" | "label" | "outcome" | "brief" | "command">,
  run: string,
): string {
  const kind = kindOf(row);
  if (row.command !== undefined) return row.command;
  if (kind === "BLOCKED" && row.brief === null) return `canonical-sweep explain ${row.recipe}`;
  if (kind === "NOT-RUN") return `canonical-sweep run ${row.recipe}`;
  if (kind === "SKIP") return `canonical-sweep explain ${row.recipe}`;
  return `canonical-sweep show ${run} ${row.recipe}`;
}

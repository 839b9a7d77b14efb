import { labelKind } from "../core/label.ts";
import type { RecipeReport } from "../core/report.ts";

/** The one command with which a person begins on a row. */
export function nextCommand(
  row: Pick<RecipeReport, "recipe" | "label" | "brief" | "decision">,
  run: string,
): string {
  const kind = labelKind(row.label);
  if (kind === "BLOCKED" && row.decision.action === "BLOCKED") return commandThatEnds(row);
  if (kind === "BLOCKED" && row.brief === null) return `canonical-sweep explain ${row.recipe}`;
  if (kind === "NOT-RUN") return `canonical-sweep run ${row.recipe}`;
  if (kind === "SKIP") return `canonical-sweep explain ${row.recipe}`;
  return `canonical-sweep show ${run} ${row.recipe}`;
}

// Which provider is missing, and whether a record is broken or gone, is not in the row: `explain` knows it, with
// the command that ends it.
function commandThatEnds({ decision, recipe }: Pick<RecipeReport, "decision" | "recipe">): string {
  if (decision.reason === "tag-moved") return `canonical-sweep run ${recipe} --accept-moved-tag`;
  if (decision.reason === "sync-failed") return `canonical-sweep plan ${recipe}`;
  return `canonical-sweep explain ${recipe}`;
}

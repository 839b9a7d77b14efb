import type { RecipeReport } from "./records/report.ts";

/** The first message about the failure: of the red tier, of the promotion, or why nothing was tested. */
export function firstFailure(row: RecipeReport): string {
  const red = row.tiers.find((end) => end.status === "failed");
  return (
    red?.reason ?? (row.promotion?.result === "promoted" ? undefined : row.promotion?.reason) ?? row.detail
  );
}

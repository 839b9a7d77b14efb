import type { RecipeReport } from "./records/report.ts";

/** What broke, in the first words that said so: of the red tier, of the promotion, else why nothing was tested. */
export function firstFailure(row: RecipeReport): string {
  const red = row.tiers.find((end) => end.status === "failed");
  return (
    red?.reason ?? (row.promotion?.result === "promoted" ? undefined : row.promotion?.reason) ?? row.detail
  );
}

import type { RecipeReport } from "./report.ts";

/** What broke, in the first words that said so: of the red tier, of the promotion, else why nothing was tested. */
export function firstFailure(row: RecipeReport): string {
  const red = row.tiers.find((end) => end.status === "failed");
  return (
    red?.reason ?? (row.promotion?.result === "promoted" ? undefined : row.promotion?.reason) ?? row.detail
  );
}

/** Whether two errors are the same but for times, counts, ids and addresses. */
export function isSameError(one: string, other: string): boolean {
  return generic(one) === generic(other);
}

function generic(error: string): string {
  return error
    .replace(/\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?/g, "#")
    .replace(/\b[a-z]{1,4}-[0-9a-f]{6}\b/g, "#")
    .replace(/\b(?=[0-9a-f]*\d)[0-9a-f]{7,64}\b/gi, "#")
    .replace(/\d+/g, "#")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase();
}

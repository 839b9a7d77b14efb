import type { Report } from "../core/records/report.ts";

/** Which killed sweep a report goes on with, and what was not tested again. */
export function continuedLine({ continues, recipes }: Pick<Report, "continues" | "recipes">): string {
  const done = recipes.filter((row) => row.testedIn !== undefined).map((row) => row.recipe);
  const taken = done.length === 0 ? "nothing of it was taken over" : `not tested again: ${done.join(", ")}`;
  return `run ${continues}, which was killed; ${taken}`;
}

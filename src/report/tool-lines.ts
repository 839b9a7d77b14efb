import type { Report } from "../core/records/report.ts";

/** A line for each tool that differs from the last sweep's: what is found now may be theirs, not the recipes'. */
export function toolLines({ environment }: Pick<Report, "environment">): string[] {
  return environment.changes.map((change) => `a tool differs from the last sweep's: ${change}`);
}

import { relative } from "node:path";
import { writeBrief } from "../brief/write.ts";
import type { RecipeReport } from "../core/report.ts";
import type { ServiceState } from "../driver/driver.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { messageOf } from "../fault.ts";
import { needsBrief } from "./row.ts";
import { evidenceOf, type Run } from "./run.ts";

/** Writes the brief of a row that is neither PASS nor SKIP, and names it in the row. */
export function writeBriefOf(
  run: Run,
  row: RecipeReport,
  evidence: Evidence,
  services: readonly ServiceState[],
): RecipeReport {
  if (!needsBrief(row)) return row;
  const path = writeBrief(evidence, row, {
    run: run.id,
    fingerprint: run.environment.fingerprint,
    services: [...services],
  });
  return { ...row, brief: relative(run.paths.folder, path) };
}

/** The brief of a row that has none yet, because nothing was tested; where it cannot be written the row stands. */
export function withBrief(run: Run, row: RecipeReport): RecipeReport {
  if (row.brief !== null) return row;
  try {
    return writeBriefOf(run, row, evidenceOf(run, row.recipe), []);
  } catch (error) {
    run.context.log.error({ err: error }, `the brief of ${row.recipe} is not written: ${messageOf(error)}`);
    return row;
  }
}

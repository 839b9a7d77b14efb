import { join, relative } from "node:path";
import { type BriefFacts, briefOf } from "../../brief/brief.ts";
import { briefMarkdown } from "../../brief/markdown.ts";
import type { Brief } from "../../core/records/brief.ts";
import type { RecipeReport } from "../../core/records/report.ts";
import { redactTexts } from "../../core/secrets/redactor.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import { messageOf } from "../../fault.ts";
import { evidenceOf, type Run } from "../../run/run.ts";
import { writeJson, writeWhole } from "../../state/files.ts";
import type { Tested } from "../cold-test/cold-test.ts";
import { withKnownCause } from "../label/known-causes.ts";
import { needsBrief } from "../label/row.ts";
import { gatherBriefFacts } from "./brief-facts.ts";

/**
 * Writes the brief of a row that is neither PASS nor SKIP, and names it and a known cause in the row; if it cannot be
 * written the row stays as it is.
 */
export async function writeBriefOf(
  run: Run,
  row: RecipeReport,
  evidence: Evidence,
  tested: Tested | null,
): Promise<RecipeReport> {
  if (!needsBrief(row)) return row;
  try {
    const facts = await gatherBriefFacts(run, row, evidence, tested);
    const labelled = withKnownCause(run.context, row, facts);
    const path = writeBrief(evidence, labelled, facts);
    return { ...labelled, brief: relative(run.paths.folder, path) };
  } catch (error) {
    run.context.log.error({ err: error }, `the brief of ${row.recipe} is not written: ${messageOf(error)}`);
    return row;
  }
}

/** Adds a brief to a row that has none yet because nothing was tested. */
export async function withBrief(run: Run, row: RecipeReport): Promise<RecipeReport> {
  return row.brief === null ? writeBriefOf(run, row, evidenceOf(run, row.recipe), null) : row;
}

/** Writes `brief.md` and `brief.json` of a row, without secrets, and returns the path of the first. */
function writeBrief(evidence: Evidence, row: RecipeReport, facts: BriefFacts): string {
  const brief = redactTexts(briefOf(row, facts), evidence.redactor) as Brief;
  const markdown = join(evidence.folder, "brief.md");
  writeJson(join(evidence.folder, "brief.json"), brief);
  writeWhole(markdown, briefMarkdown(brief));
  return markdown;
}

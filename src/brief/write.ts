import { join } from "node:path";
import type { Brief } from "../core/records/brief.ts";
import type { RecipeReport } from "../core/records/report.ts";
import { redactTexts } from "../core/secrets/redactor.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { writeJson, writeWhole } from "../state/files.ts";
import { type BriefFacts, briefOf } from "./brief.ts";
import { briefMarkdown } from "./markdown.ts";

/** Writes `brief.md` and `brief.json` of a row, without secrets, and returns the path of the first. */
export function writeBrief(evidence: Evidence, row: RecipeReport, facts: BriefFacts): string {
  const brief = redactTexts(briefOf(row, facts), evidence.redactor) as Brief;
  const markdown = join(evidence.folder, "brief.md");
  writeJson(join(evidence.folder, "brief.json"), brief);
  writeWhole(markdown, briefMarkdown(brief));
  return markdown;
}

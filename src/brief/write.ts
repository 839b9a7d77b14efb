import { join } from "node:path";
import type { RecipeReport } from "../core/report.ts";
import type { ServiceState } from "../driver/driver.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { redactTexts } from "../evidence/redactor.ts";
import { writeJson, writeWhole } from "../state/files.ts";
import { type Brief, briefOf } from "./brief.ts";
import { briefMarkdown } from "./markdown.ts";

/** Writes `brief.md` and `brief.json` of a row, without secrets, and returns the path of the first. */
export function writeBrief(
  evidence: Evidence,
  row: RecipeReport,
  facts: { run: string; fingerprint: string; services: ServiceState[] },
): string {
  const brief = briefOf(row, { ...facts, commands: evidence.commands });
  const clean = redactTexts(brief, evidence.redactor) as Brief;
  const markdown = join(evidence.folder, "brief.md");
  writeJson(join(evidence.folder, "brief.json"), clean);
  writeWhole(markdown, briefMarkdown(clean));
  return markdown;
}

import { kindOf } from "../core/label/label.ts";
import type { RecipeReport } from "../core/records/report.ts";
import type { TierEnd } from "../core/tier.ts";
import { type EndLine, endLines, rowFacts } from "../core/view/row-facts.ts";
import type { Layout, Tone } from "./paint.ts";
import { renderFacts, renderHeading, renderParagraph } from "./paragraph.ts";
import { renderLabel } from "./report.ts";
import { type Cell, renderTable } from "./table.ts";

/** One recipe of one run in full; `brief` is the text of its failure brief. */
export function renderRecipeReport(row: RecipeReport, brief: string | null, layout: Layout): string {
  const { label, recipe, detail, tiers } = row;
  return [
    renderHeading(recipe, layout).trimStart(),
    renderLabel({ label, kind: kindOf(row) }, layout),
    detail === "" ? "" : renderParagraph(detail, layout, "  "),
    renderHeading("Facts", layout),
    renderFacts(rowFacts(row), layout),
    tiers.length === 0 ? "" : renderHeading("Tiers", layout) + renderTiers(tiers, layout),
    brief === null ? "" : `${renderHeading("Brief", layout)}\n${visibleLines(brief)}`,
  ].join("");
}

const TONES: Record<EndLine["status"], Tone> = {
  passed: "good",
  failed: "bad",
  skipped: "warning",
  "not-reached": "warning",
  "not-planned": "warning",
};

function renderTiers(tiers: readonly TierEnd[], layout: Layout): string {
  const rows = endLines(tiers).map(({ name, isTest, status, took, reason }): Cell[] => [
    isTest ? `  ${name}` : name,
    { text: status, tone: isTest ? "plain" : TONES[status] },
    took,
    reason,
  ]);
  return renderTable(["TIER", "ENDED", "TOOK", "REASON"], rows, layout);
}

// A brief is Markdown that was made harmless when it was written; a terminal needs no more than this.
function visibleLines(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, "");
}

import { formatDuration } from "../core/duration.ts";
import type { RecipeReport } from "../core/records/report.ts";
import type { TierEnd } from "../core/tier.ts";
import { knownCauseLine } from "../report/known-line.ts";
import type { Layout, Tone } from "./paint.ts";
import { renderFacts, renderHeading, renderParagraph } from "./paragraph.ts";
import { passedOfPlanned, renderLabel } from "./report.ts";
import { type Cell, renderTable } from "./table.ts";

/** One recipe of one run in full; `brief` is the text of its failure brief. */
export function renderRecipeReport(row: RecipeReport, brief: string | null, layout: Layout): string {
  return [
    renderHeading(row.recipe, layout).trimStart(),
    renderLabel(row.label, layout),
    row.detail === "" ? "" : renderParagraph(row.detail, layout, "  "),
    renderHeading("Facts", layout),
    renderFacts(factsOf(row), layout),
    row.tiers.length === 0 ? "" : renderHeading("Tiers", layout) + renderTiers(row.tiers, layout),
    brief === null ? "" : `${renderHeading("Brief", layout)}\n${visibleLines(brief)}`,
  ].join("");
}

function factsOf(row: RecipeReport): [string, string][] {
  const facts: [string, string][] = [
    ["decision", `${row.decision.action} ${row.decision.reasons.join(", ")}`],
    ["target", row.target === null ? "none" : `${row.target.version}, commit ${row.target.commit}`],
    ["canonical", `${versionOf(row.canonicalBefore)} before, ${versionOf(row.canonicalAfter)} after`],
    ["took", formatDuration(row.durationMs)],
  ];
  const tiers = passedOfPlanned(row);
  if (tiers !== "") facts.push(["tiers", tiers]);
  if (row.promotion !== null) facts.push(["promotion", describePromotion(row.promotion)]);
  const known = knownCauseLine(row);
  if (known !== null) facts.push(["known", known]);
  if (row.acknowledged) facts.push(["known", `${row.acknowledged.reason}, until ${row.acknowledged.until}`]);
  for (const { tier, reason } of row.notPlanned ?? []) facts.push(["not planned", `${tier}: ${reason}`]);
  for (const warning of row.warnings ?? []) facts.push(["warning", warning]);
  return facts;
}

function versionOf(canonical: RecipeReport["canonicalBefore"]): string {
  return canonical?.version ?? "none";
}

function describePromotion(promotion: NonNullable<RecipeReport["promotion"]>): string {
  const at = promotion.step === undefined ? "" : ` at ${promotion.step}`;
  const why = promotion.reason === undefined ? "" : `: ${promotion.reason}`;
  return `${promotion.kind} of ${promotion.to}: ${promotion.result}${at}${why}`;
}

const TONES: Record<TierEnd["status"], Tone> = {
  passed: "good",
  failed: "bad",
  skipped: "warning",
  "not-reached": "warning",
};

function renderTiers(tiers: readonly TierEnd[], layout: Layout): string {
  const rows = tiers.flatMap((end): Cell[][] => [
    [
      end.tier,
      { text: end.status, tone: TONES[end.status] },
      formatDuration(end.durationMs),
      end.reason ?? (end.because === undefined ? "" : `because of ${end.because}`),
    ],
    ...(end.tests ?? []).map((test): Cell[] => [
      `  ${test.name}`,
      test.status,
      formatDuration(test.durationMs),
      test.reason ?? "",
    ]),
  ]);
  return renderTable(["TIER", "ENDED", "TOOK", "REASON"], rows, layout);
}

// A brief is Markdown that was made harmless when it was written; a terminal needs no more than this.
function visibleLines(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, "");
}

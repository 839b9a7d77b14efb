import { formatDuration } from "../duration.ts";
import type { RecipeReport } from "../records/report.ts";
import type { TestEnd, TierEnd } from "../tier.ts";
import { acknowledgedLine, knownCauseLine } from "./row-view.ts";

/** What was done with one recipe in one run, as names and values. */
export function rowFacts(row: RecipeReport): [name: string, value: string][] {
  const { decision, target, canonicalBefore: before, canonicalAfter: after, tiers, promotion } = row;
  const passed = tiers.filter((end) => end.status === "passed").length;
  const facts: [string, string | null | undefined][] = [
    ["decision", `${decision.action} ${decision.reasons.join(", ")}`],
    ["target", target === null ? "none" : `${target.version}, commit ${target.commit}`],
    ["canonical", `${before?.version ?? "none"} before, ${after?.version ?? "none"} after`],
    ["took", formatDuration(row.durationMs)],
    ["lane", row.lane],
    ["tested in", row.testedIn],
    ["tiers", tiers.length === 0 ? null : `passed ${passed} of ${tiers.length} planned`],
    ["promotion", promotion && promotionLine(promotion)],
    ["known", knownCauseLine(row)],
    ["known", row.acknowledged && acknowledgedLine(row.acknowledged)],
    ...(row.notPlanned ?? []).map(({ tier, reason }): [string, string] => [
      "not planned",
      `${tier}: ${reason}`,
    ]),
    ...(row.warnings ?? []).map((warning): [string, string] => ["warning", warning]),
  ];
  return facts.filter((fact): fact is [string, string] => typeof fact[1] === "string");
}

function promotionLine({ kind, to, result, step, reason }: NonNullable<RecipeReport["promotion"]>): string {
  const at = step === undefined ? "" : ` at ${step}`;
  return `${kind} of ${to}: ${result}${at}${reason === undefined ? "" : `: ${reason}`}`;
}

/** How a tier, or one of its tests, ended. */
export interface EndLine {
  name: string;
  isTest: boolean;
  status: TierEnd["status"] | TestEnd["status"];
  /** Empty where it was not reached. */
  took: string;
  reason: string;
}

/** The tiers in their order, each with its tests behind it. */
export function endLines(tiers: readonly TierEnd[]): EndLine[] {
  return tiers.flatMap((end) => [
    {
      name: end.tier,
      isTest: false,
      status: end.status,
      took: end.status === "not-reached" ? "" : formatDuration(end.durationMs),
      reason: end.reason ?? (end.because === undefined ? "" : `because of ${end.because}`),
    },
    ...(end.tests ?? []).map((test) => ({
      name: test.name,
      isTest: true,
      status: test.status,
      took: formatDuration(test.durationMs),
      reason: test.reason ?? "",
    })),
  ]);
}

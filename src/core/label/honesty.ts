import type { Honesty, RecipeReport } from "../records/report.ts";
import { TIERS, type Tier, wasExecuted } from "../tier.ts";
import { KIND_TRAITS } from "./kind-traits.ts";
import { kindOf } from "./label.ts";

export interface HollowFacts {
  enrolled: readonly string[];
  /** The least number of enrolled recipes that is believed. */
  floor: number;
  /** Why the recipes enrolled in the last sweep are unknown; null: they are known, or there was no sweep. */
  lastUnknown: string | null;
  /** Enrolled in the last sweep. */
  before: readonly string[];
  /** Listed with `canonical: false` and a reason. */
  declined: readonly string[];
}

/** Counts the rows of a report by the kinds of their outcomes. */
export function honestyOf(rows: readonly RecipeReport[], hollow: boolean): Honesty {
  const kinds = rows.map((row) => kindOf(row) ?? "NOT-RUN");
  const count = (wanted: keyof Honesty) => kinds.filter((kind) => KIND_TRAITS[kind].counts === wanted).length;
  const planned = rows.flatMap((row) => row.tiers);
  return {
    enrolled: rows.length,
    skipped: count("skipped"),
    passed: count("passed"),
    promoted: kinds.filter((kind) => kind === "PASS").length,
    failed: count("failed"),
    promoteFailed: count("promoteFailed"),
    blocked: count("blocked"),
    notRun: count("notRun"),
    tiersPlanned: planned.length,
    tiersExecuted: planned.filter(wasExecuted).length,
    hollow,
  };
}

/** Why a sweep proves nothing about the recipes that it should have looked at; empty if it is not hollow. */
export function hollowReasons(facts: HollowFacts, rows: readonly RecipeReport[]): string[] {
  const reasons: string[] = [];
  if (facts.enrolled.length < facts.floor)
    reasons.push(`${facts.enrolled.length} enrolled, the floor is ${facts.floor} (\`floor: { enrolled }\`)`);
  if (facts.lastUnknown !== null)
    reasons.push(`the recipes enrolled in the last sweep are not known: ${facts.lastUnknown}`);
  for (const recipe of facts.before)
    if (!facts.enrolled.includes(recipe) && !facts.declined.includes(recipe))
      reasons.push(
        `${recipe} was enrolled in the last sweep and is gone without \`canonical: false\` and a reason`,
      );
  for (const row of rows)
    if (hasTierWithoutEnd(row)) reasons.push(`${row.recipe}: a planned tier has no end though none failed`);
  return reasons;
}

function hasTierWithoutEnd(row: RecipeReport): boolean {
  const kind = kindOf(row);
  if (kind !== "PASS" && kind !== "PASS-NOT-PROMOTED" && kind !== "GREEN-BUT-PROMOTE-FAILED") return false;
  if (row.tiers.some((end) => end.status === "failed")) return false;
  return TIERS.some((tier) => isPlanned(row, tier) && !hasEnd(row, tier));
}

function isPlanned(row: RecipeReport, tier: Tier): boolean {
  return row.notPlanned?.every((entry) => entry.tier !== tier) ?? true;
}

function hasEnd(row: RecipeReport, tier: Tier): boolean {
  return row.tiers.some((end) => end.tier === tier && end.status !== "not-reached");
}

/** The first line of a report and of a page. */
export function honestyLine(honesty: Honesty, reasons: readonly string[]): string {
  const parts = [
    `skipped ${honesty.skipped}`,
    `passed ${honesty.passed}`,
    `failed ${honesty.failed}`,
    `promote-failed ${honesty.promoteFailed}`,
    `blocked ${honesty.blocked}`,
    `not-run ${honesty.notRun}`,
  ];
  const sum = `enrolled ${honesty.enrolled} = ${parts.join(" + ")}`;
  const tiers = `tiers executed ${honesty.tiersExecuted} of ${honesty.tiersPlanned} planned`;
  const line = `${sum}; promoted ${honesty.promoted}; ${tiers}`;
  return honesty.hollow ? `HOLLOW: ${reasons.join("; ")} · ${line}` : line;
}

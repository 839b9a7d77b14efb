import { kindOf } from "../core/label/label.ts";
import type { LabelKind } from "../core/outcome.ts";
import type { Report } from "../core/records/report.ts";
import { SAMPLES, type SampleRecipe } from "./story.ts";

/** One row of a sweep of the demo, beside what it should be. */
export interface CheckedRow {
  recipe: string;
  shows: string;
  expected: string;
  /** Null where the report has no row for it. */
  got: string | null;
  kind: LabelKind | null;
  asExpected: boolean;
}

/** Compares the labels of the first (0) or the second (1) sweep with those that the recipes deserve. */
export function checkLabels(report: Report, sweep: 0 | 1): CheckedRow[] {
  return SAMPLES.map((sample) => checkRow(report, sample, sweep));
}

/** Whether a label is the expected one; one that ends with `…` may go on in any way. */
export function isLabel(expected: string, got: string | null): boolean {
  if (got === null) return false;
  return expected.endsWith("…") ? got.startsWith(expected.slice(0, -1)) : got === expected;
}

function checkRow(report: Report, { recipe, shows, labels }: SampleRecipe, sweep: 0 | 1): CheckedRow {
  const row = report.recipes.find((each) => each.recipe === recipe);
  const got = row?.label ?? null;
  const expected = labels[sweep];
  return {
    recipe,
    shows,
    expected,
    got,
    kind: row === undefined ? null : kindOf(row),
    asExpected: isLabel(expected, got),
  };
}

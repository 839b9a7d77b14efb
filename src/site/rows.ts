import { labelKind } from "../core/label/label.ts";
import type { LabelKind } from "../core/outcome.ts";
import type { RecipeReport } from "../core/records/report.ts";
import type { Link, NeedyRow, RestRow } from "../page/rows.ts";
import { labelRest } from "../page/verdict.ts";
import { knownCauseLine } from "../report/known-line.ts";
import { nextCommand } from "../report/next-command.ts";

/** What stands behind a row beyond the report. */
export interface RowContext {
  run: string;
  since: string | null;
  past: readonly (LabelKind | null)[];
  /** Its investigation in words; null where there is none. */
  investigated: string | null;
}

/** A row of the pages that needs a person. */
export function needyRow(row: RecipeReport, { run, since, past, investigated }: RowContext): NeedyRow {
  const { recipe, label, target, detail, warnings = [], acknowledged } = row;
  return {
    recipe,
    address: `/recipes/${recipe}`,
    label,
    version: target?.version ?? null,
    detail,
    explained: [investigated, knownCauseLine(row)].filter((text) => text !== null),
    warnings,
    known: acknowledged === undefined ? null : `${acknowledged.reason}, until ${acknowledged.until}`,
    since,
    past,
    command: nextCommand(row, run),
    links: linksOf(row, run),
  };
}

function linksOf({ recipe, brief, tiers }: RecipeReport, run: string): Link[] {
  const test = `/runs/${run}/${recipe}`;
  return [
    ...(brief === null ? [] : [{ name: "brief", address: `${test}#brief` }]),
    ...(tiers.length === 0 ? [] : [{ name: "tiers and logs", address: test }]),
    { name: "history", address: `/recipes/${recipe}` },
  ];
}

/** A row of the pages that needs nobody, with what stands at the end of its line. */
export function restRow(row: RecipeReport, end: string | null): RestRow {
  const { recipe, label } = row;
  return { recipe, address: `/recipes/${recipe}`, label, about: aboutRest(row), end };
}

function aboutRest({
  label,
  canonicalAfter,
  target,
  detail,
  acknowledged,
  knownCause,
}: RecipeReport): string {
  const version = canonicalAfter?.version ?? target?.version;
  const kind = labelKind(label);
  if ((kind === "SKIP" || kind === "PASS") && version !== undefined) return version;
  const known =
    acknowledged === undefined ? "" : `known until ${acknowledged.until}: ${acknowledged.reason}; `;
  const explained = knownCause === undefined ? "" : `${knownCauseLine({ knownCause })}; `;
  return `${known}${explained}${labelRest(label)}${detail === "" ? "" : `: ${detail}`}`;
}

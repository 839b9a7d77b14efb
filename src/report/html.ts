import { formatDuration } from "../core/duration.ts";
import type { RecipeReport, Report } from "../core/records/report.ts";
import { singleFile } from "../page/frame.ts";
import type { NeedyRow, RestRow } from "../page/rows.ts";
import { sweepPage } from "../page/sweep-page.ts";
import { continuedLine } from "./continued-line.ts";
import { detailWithCause, knownCauseLine } from "./known-line.ts";
import { nextCommand } from "./next-command.ts";
import { toolLines } from "./tool-lines.ts";

/**
 * `report.html`: the page of the run as one file that needs nothing else, no script and no network: the honesty
 * line, then the rows that need a person, then the rest.
 */
export function reportHtml(report: Report): string {
  return singleFile(
    sweepPage({
      report,
      needy: report.recipes.filter((row) => row.needsHuman).map((row) => needyRow(row, report.run)),
      rest: report.recipes.filter((row) => !row.needsHuman).map(restRow),
      continued: report.continues === undefined ? null : continuedLine(report),
      toolChanges: toolLines(report),
      json: null,
    }),
  );
}

function needyRow(row: RecipeReport, run: string): NeedyRow {
  const { recipe, label, target, detail, warnings = [], acknowledged, brief } = row;
  return {
    recipe,
    address: null,
    label,
    version: target?.version ?? null,
    detail,
    explained: explained(row),
    warnings,
    known: acknowledged === undefined ? null : `${acknowledged.reason}, until ${acknowledged.until}`,
    since: null,
    past: [],
    command: nextCommand(row, run),
    links: brief === null ? [] : [{ name: "brief", address: linkTo(brief) }],
  };
}

function explained(row: RecipeReport): string[] {
  const known = knownCauseLine(row);
  return known === null ? [] : [known];
}

function restRow(row: RecipeReport): RestRow {
  const { recipe, label, tiers, durationMs } = row;
  const end = tiers.length === 0 ? null : formatDuration(durationMs);
  return { recipe, address: null, label, about: detailWithCause(row), end };
}

// A path below the run's folder, which is where this file stands.
function linkTo(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

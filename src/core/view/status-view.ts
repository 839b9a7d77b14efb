import type { RecordReading } from "../canonical.ts";
import type { Down } from "../down.ts";
import type { LabelKind } from "../outcome.ts";
import type { RecipeReport, Report } from "../records/report.ts";
import { type ReportView, reportView } from "./report-view.ts";
import { type RowView, rowView } from "./row-view.ts";

/** The last thing that is known of a recipe. */
export interface StandingRow {
  row: RecipeReport;
  run: string;
  /** When that run ended, ISO 8601. */
  at: string;
  /** The end of the run since which the label has been of this kind, without a break. */
  since: string;
  /** The one command with which a person begins. */
  command: string;
  /** The kinds of its last labels, the newest first. */
  past: (LabelKind | null)[];
}

/** A hold or an acknowledgement. */
export interface ExceptionRow {
  recipe: string;
  reason: string;
  until: string;
  owner: string | null;
  /** Its last day has passed. */
  expired: boolean;
}

/** What stands now, but for the run that is at work. */
export interface StandingFacts {
  /** The last sweep; runs by hand do not count. */
  sweep: Report | null;
  /** The newest row of each recipe that the last sweep had, or that was run by hand since, by name. */
  rows: StandingRow[];
  canonicals: { recipe: string; reading: RecordReading }[];
  /** Records and reports that cannot be read. */
  problems: string[];
  /** Live canonicals that are down, or not known to be up, whatever their records say. */
  down: readonly Down[];
  holds: readonly ExceptionRow[];
  acknowledged: readonly ExceptionRow[];
  /** Enrolled, and in no report that is kept. */
  neverTested: readonly string[];
}

/** All that a painter may show of what stands now. */
export interface StatusView extends Omit<StandingFacts, "sweep" | "rows"> {
  sweep: ReportView | null;
  needy: readonly RowView[];
  rest: readonly RowView[];
  /** How many recipes need a person. */
  needsPerson: number;
}

/** `investigated` gives what an investigation found of a recipe's red in a run. */
export function statusView(
  standing: StandingFacts,
  investigated: (recipe: string, run: string) => string | null = () => null,
): StatusView {
  const { sweep, rows, canonicals, problems, down, holds, acknowledged, neverTested } = standing;
  const views = rows.map(({ row, run, at, since, past }) =>
    rowView(row, { run, at }, { since, past, investigated: investigated(row.recipe, run) }),
  );
  return {
    ...{ canonicals, problems, down, holds, acknowledged, neverTested },
    sweep: sweep && reportView(sweep),
    needy: views.filter((row) => row.needsHuman),
    rest: views.filter((row) => !row.needsHuman),
    needsPerson: needsPerson(standing),
  };
}

/** How many recipes need a person; one that is down and in no report is one of them. */
export function needsPerson({ down, rows }: Pick<StandingFacts, "down" | "rows">): number {
  const needy = rows.filter(({ row }) => row.needsHuman).map(({ row }) => row.recipe);
  return new Set([...needy, ...down.map(({ recipe }) => recipe)]).size;
}

import { formatDuration } from "../duration.ts";
import { labelRest, outcomeOfRow } from "../label/label.ts";
import type { LabelKind, RowOutcome } from "../outcome.ts";
import type { RecipeReport } from "../records/report.ts";
import { nextCommand } from "./next-command.ts";

/** Everything that a painter may show of a recipe's row, in words: a painter decides only its place and its look. */
export interface RowView {
  recipe: string;
  run: string;
  /** When that run ended, ISO 8601. */
  at: string;
  needsHuman: boolean;
  label: string;
  /** Null for an invalid label of an old report. */
  kind: LabelKind | null;
  /** The label without its kind: `red at restore; canonical unchanged: 1.0.0+1.9.9`. */
  said: string;
  /** The heading of such rows: the label if many recipes share it word for word, else its kind. */
  group: string;
  /** The tested release; null if there is none. */
  version: string | null;
  detail: string;
  /** The detail, preceded by known explanations. */
  told: string;
  /** The same, with the part of the label that `group` lacks. */
  sentence: string;
  /** The canonical's version if that is enough for a quiet row, else the sentence. */
  short: string;
  warnings: readonly string[];
  /** A known explanation of such an error. */
  knownCause: string | null;
  /** The result of an investigation; null without one. */
  investigated: string | null;
  /** Why the red is acknowledged, and until when. */
  acknowledged: string | null;
  /** Duration of its test; null if it was not tested. */
  took: string | null;
  /** The path of its brief, relative to the run's folder. */
  brief: string | null;
  command: string;
  /** Since when its label has been of this kind, ISO 8601; null if unknown. */
  since: string | null;
  /** The kinds of its last labels, newest first. */
  past: readonly (LabelKind | null)[];
}

/** Facts for a row beyond its report. */
export type RowExtras = Partial<Pick<RowView, "since" | "past" | "investigated">>;

/** A row of the run `run`, which ended at `at` (ISO 8601). */
export function rowView(
  row: RecipeReport,
  { run, at }: { run: string; at: string },
  { since = null, past = [], investigated = null }: RowExtras = {},
): RowView {
  const { recipe, label, detail, needsHuman, acknowledged, brief, warnings = [] } = row;
  const outcome = outcomeOfRow(row);
  const kind = outcome?.kind ?? null;
  const [said, group] = [labelRest(label, kind), groupOf(label, outcome)];
  const knownCause = knownCauseLine(row);
  const remarks = [
    acknowledged === undefined ? null : `known until ${acknowledged.until}: ${acknowledged.reason}`,
    knownCause,
  ];
  const sentence = joined("; ", [...remarks, joined(": ", [group === label ? null : said, detail])]);
  return {
    ...{ recipe, run, at, needsHuman, label, kind, said, group, detail, sentence, warnings, knownCause },
    ...{ investigated, since, past, brief },
    version: row.target?.version ?? null,
    told: joined("; ", [...remarks, detail]),
    short: quietVersion(row, kind, group) ?? sentence,
    acknowledged: acknowledged === undefined ? null : acknowledgedLine(acknowledged),
    took: row.tiers.length === 0 ? null : formatDuration(row.durationMs),
    command: nextCommand(row, run),
  };
}

/** A known explanation of a row's error, on one line; null if there is none. */
export function knownCauseLine({ knownCause }: Pick<RecipeReport, "knownCause">): string | null {
  if (knownCause === undefined) return null;
  const { cause, expired, id, link, owner, until } = knownCause;
  const end = expired ? `past its date, ${until}` : `until ${until}`;
  return `known cause ${id}: ${cause}, ${end}, owner ${owner}, ${link}`;
}

export function acknowledgedLine({ reason, until }: NonNullable<RecipeReport["acknowledged"]>): string {
  return `${reason}, until ${until}`;
}

// A label contains a version or a reason: only one shared by many recipes is a heading.
function groupOf(label: string, outcome: RowOutcome | null): string {
  if (outcome === null) return "no label";
  return outcome.kind === "SKIP" && outcome.code !== "held" ? label : outcome.kind;
}

function quietVersion(row: RecipeReport, kind: LabelKind | null, group: string): string | null {
  const isQuiet = kind === "PASS" || (kind === "SKIP" && group === row.label);
  return isQuiet ? (row.canonicalAfter?.version ?? row.target?.version ?? null) : null;
}

function joined(between: string, parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== "").join(between);
}

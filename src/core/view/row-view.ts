import { formatDuration } from "../duration.ts";
import { labelRest, outcomeOfRow } from "../label/label.ts";
import type { LabelKind, RowOutcome } from "../outcome.ts";
import type { RecipeReport } from "../records/report.ts";
import { nextCommand } from "./next-command.ts";

/** All that a painter may show of a recipe's row, in words: a painter decides only where it stands and how it looks. */
export interface RowView {
  recipe: string;
  run: string;
  /** When that run ended, ISO 8601. */
  at: string;
  needsHuman: boolean;
  label: string;
  /** Null where an old report's label is no label. */
  kind: LabelKind | null;
  /** What the label says beyond its kind: `red at restore; canonical unchanged: 1.0.0+1.9.9`. */
  said: string;
  /** The heading of the rows like this one: the label where many recipes share it word for word, else its kind. */
  group: string;
  /** The release that was tested; null where there is none. */
  version: string | null;
  detail: string;
  /** The detail behind all that is known of it. */
  told: string;
  /** The same with what the label says and `group` does not. */
  sentence: string;
  /** The canonical's version where that says enough of a quiet row, else the sentence. */
  short: string;
  warnings: readonly string[];
  /** What somebody has said of an error like this one. */
  knownCause: string | null;
  /** What an investigation found; null where nobody has looked. */
  investigated: string | null;
  /** Why the red is acknowledged, and until when. */
  acknowledged: string | null;
  /** How long its test took; null where it was not tested. */
  took: string | null;
  /** The path of its brief below the run's folder. */
  brief: string | null;
  command: string;
  /** Since when its label is of this kind, ISO 8601; null where that is not told. */
  since: string | null;
  /** The kinds of its last labels, the newest first. */
  past: readonly (LabelKind | null)[];
}

/** What stands behind a row beyond its report. */
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

/** What somebody has said of a row's error, on one line; null where nobody has. */
export function knownCauseLine({ knownCause }: Pick<RecipeReport, "knownCause">): string | null {
  if (knownCause === undefined) return null;
  const { cause, expired, id, link, owner, until } = knownCause;
  const end = expired ? `past its date, ${until}` : `until ${until}`;
  return `known cause ${id}: ${cause}, ${end}, owner ${owner}, ${link}`;
}

export function acknowledgedLine({ reason, until }: NonNullable<RecipeReport["acknowledged"]>): string {
  return `${reason}, until ${until}`;
}

// A label names a version or a reason: only one that many recipes share is a heading.
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

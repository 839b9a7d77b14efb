import { LABEL_KINDS, type LabelKind, type Outcome, type RowOutcome } from "../outcome.ts";
import { oneLine } from "../text/one-line.ts";

/** No label is longer: a reason is cut long before, a name of git has at most 255 bytes. */
const LONGEST_LABEL = 1000;

/** The one-line honest result of a recipe in a sweep, in the exact words that others rely on. */
export function labelFor(outcome: Outcome): string {
  return oneLine(textOf(outcome), LONGEST_LABEL);
}

function textOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case "SKIP":
      return outcome.reason === "held"
        ? `SKIP held (${oneLine(outcome.hold.reason)}, until ${outcome.hold.until})`
        : `SKIP ${outcome.reason}`;
    case "PASS":
      return `PASS (promoted ${outcome.version}${outcome.dataProven ? "" : "; data not proven"})`;
    case "PASS-NOT-PROMOTED":
      return `PASS-NOT-PROMOTED (${outcome.version}; ${oneLine(outcome.reason)})`;
    case "GREEN-BUT-PROMOTE-FAILED":
      return `GREEN-BUT-PROMOTE-FAILED (canonical=${outcome.canonical ?? "none"}, expected ${outcome.expected})`;
    case "FAIL":
      return `FAIL (red at ${outcome.tier}; canonical unchanged: ${outcome.canonical ?? "none"})`;
    case "BLOCKED":
    case "NOT-RUN":
      return `${outcome.kind} (${oneLine(outcome.reason)})`;
  }
}

/** The kind of a label that stands in a report; null for text that is no label. */
export function labelKind(label: string): LabelKind | null {
  const word = /^[A-Z-]+/.exec(label)?.[0];
  return LABEL_KINDS.find((kind) => kind === word) ?? null;
}

/** The outcome that a row keeps; of a report older than that, what its label says. */
export function outcomeOfRow(row: { label: string; outcome?: RowOutcome | undefined }): RowOutcome | null {
  return row.outcome ?? outcomeOfLabel(row.label);
}

/** The kind of a row's label; null for a row of an old report whose label is none. */
export function kindOf(row: { label: string; outcome?: RowOutcome | undefined }): LabelKind | null {
  return outcomeOfRow(row)?.kind ?? null;
}

// Only for reports that have no outcome in their rows: nothing else reads a label.
function outcomeOfLabel(label: string): RowOutcome | null {
  const kind = labelKind(label);
  if (kind === null) return null;
  const rest = label
    .slice(kind.length)
    .trim()
    .replace(/^\(|\)$/g, "");
  const [code = "", ...more] = rest.split(/[ :;]+/);
  return { kind, code, detail: more.join(" ") };
}

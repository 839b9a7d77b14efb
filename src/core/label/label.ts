import { LABEL_KINDS, type LabelKind, type Outcome, type RowOutcome, reasonText } from "../outcome.ts";
import { oneLine } from "../text/one-line.ts";

/** The longest label: a reason is cut long before, a git name has at most 255 bytes. */
const LONGEST_LABEL = 1000;

/** The only code of its kind: the row's `promotion` says how the promotion failed. */
const PROMOTE_FAILED = "promote-failed";

/** The one-line result of a recipe in a sweep, in the exact words on which others rely. */
export function labelFor(outcome: Outcome): string {
  return labelOf(keptOutcome(outcome), versionOf(outcome));
}

/** The outcome as kept in a row; its detail is cut to the length that the label shows. */
export function keptOutcome(outcome: Outcome): RowOutcome {
  const { kind } = outcome;
  switch (kind) {
    case "SKIP":
      if (outcome.reason !== "held") return { kind, code: outcome.reason, detail: "" };
      return { kind, code: "held", detail: `${oneLine(outcome.hold.reason)}, until ${outcome.hold.until}` };
    case "PASS":
      return { kind, code: "promoted", detail: outcome.dataProven ? "" : "data not proven" };
    case "GREEN-BUT-PROMOTE-FAILED":
      return { kind, code: PROMOTE_FAILED, detail: outcome.canonical ?? "none" };
    case "FAIL":
      return { kind, code: outcome.tier, detail: outcome.canonical ?? "none" };
    default: {
      const { code } = outcome.reason;
      const words = reasonText({ code, detail: "" });
      return { kind, code, detail: oneLine(reasonText(outcome.reason)).slice(words.length + 2) };
    }
  }
}

/** The label of a kept outcome; `version` is the tested one. */
export function labelOf(outcome: RowOutcome, version: string): string {
  return oneLine(textOf(outcome, version), LONGEST_LABEL);
}

function textOf({ kind, code, detail }: RowOutcome, version: string): string {
  switch (kind) {
    case "SKIP":
      return detail === "" ? `SKIP ${code}` : `SKIP ${code} (${detail})`;
    case "PASS":
      return `PASS (promoted ${version}${detail === "" ? "" : `; ${detail}`})`;
    case "PASS-NOT-PROMOTED":
      return `PASS-NOT-PROMOTED (${version}; ${reasonText({ code, detail })})`;
    case "GREEN-BUT-PROMOTE-FAILED":
      return `GREEN-BUT-PROMOTE-FAILED (canonical=${detail}, expected ${version})`;
    case "FAIL":
      return `FAIL (red at ${code}; canonical unchanged: ${detail})`;
    case "BLOCKED":
    case "NOT-RUN":
      return `${kind} (${reasonText({ code, detail })})`;
  }
}

function versionOf(outcome: Outcome): string {
  if (outcome.kind === "GREEN-BUT-PROMOTE-FAILED") return outcome.expected;
  return "version" in outcome ? outcome.version : "";
}

/** The end of a row; `outcome` is absent in rows of older reports. */
export interface Labelled {
  label: string;
  outcome?: RowOutcome | undefined;
}

/** The outcome in a row; for an older report, the outcome that its label says. Null for an invalid label. */
export function outcomeOfRow({ label, outcome }: Labelled): RowOutcome | null {
  return outcome ?? outcomeOfLabel(label);
}

/** The kind of a row's label; null for a row of an old report with an invalid label. */
export function kindOf(row: Labelled): LabelKind | null {
  return outcomeOfRow(row)?.kind ?? null;
}

/** Whether a row is of this kind, and for one of these reasons. */
export function isOutcome(row: Labelled, kind: LabelKind, ...codes: readonly string[]): boolean {
  const outcome = outcomeOfRow(row);
  return outcome?.kind === kind && codes.includes(outcome.code);
}

/** Whether a row's label is that of its outcome; if a secret is masked, only the text before it counts. */
export function isOwnLabel(row: Labelled, version: string): boolean {
  const outcome = outcomeOfRow(row);
  if (outcome === null) return false;
  const [own, made] = [row.label, labelOf(outcome, version)].map((text) => text.split("***"));
  return own?.[0] === made?.[0] && (own?.length ?? 0) > 1 === (made?.length ?? 0) > 1;
}

/** The kind of a label in a report; null for any other text. */
export function labelKind(label: string): LabelKind | null {
  const word = /^[A-Z-]+/.exec(label)?.[0];
  return LABEL_KINDS.find((kind) => kind === word) ?? null;
}

// Only for reports without outcomes in their rows: nothing else reads a label.
function outcomeOfLabel(label: string): RowOutcome | null {
  const kind = labelKind(label);
  if (kind === null) return null;
  const { code = PROMOTE_FAILED, detail = "" } = OLD_LABELS[kind].exec(label)?.groups ?? { code: "" };
  return { kind, code: code.replaceAll(" ", "-"), detail };
}

const OLD_LABELS: Readonly<Record<LabelKind, RegExp>> = {
  SKIP: / (?<code>\S+)(?: \((?<detail>.*)\))?$/,
  PASS: / \((?<code>promoted) \S+?(?:; (?<detail>.*))?\)$/,
  "PASS-NOT-PROMOTED": / \(\S+; (?<code>[^:)]*)(?:: (?<detail>.*?))?\)?$/,
  "GREEN-BUT-PROMOTE-FAILED": / \(canonical=(?<detail>.*), expected \S+\)$/,
  FAIL: / \(red at (?<code>\w+); canonical unchanged: (?<detail>.*)\)$/,
  BLOCKED: / \((?<code>[^:)]*)(?:: (?<detail>.*?))?\)?$/,
  "NOT-RUN": / \((?<code>[^:)]*)(?:: (?<detail>.*?))?\)?$/,
};

/** The words of a label after its kind, for display: `red at restore; canonical unchanged: 1.0.0+1.9.9`. */
export function labelRest(label: string, kind: LabelKind | null): string {
  const rest = label.slice((kind ?? "").length).trim();
  return /^\(.*\)$/s.test(rest) ? rest.slice(1, -1) : rest;
}

import { type LabelKind, RowOutcome } from "../outcome.ts";
import { kindOf } from "./label.ts";

type Mask = (text: string) => string;

/** Most labels have only our own words; text from outside follows only these kinds. */
const WITH_REASON: readonly LabelKind[] = ["BLOCKED", "NOT-RUN", "PASS-NOT-PROMOTED"];

/** A label with secrets masked in its text from outside; `outcome` is the one beside it, if any. */
export function maskLabel(label: string, outcome: unknown, mask: Mask): string {
  const kind = kindOf({ label, outcome: RowOutcome.safeParse(outcome).data });
  if (kind === null) return mask(label);
  return WITH_REASON.includes(kind) ? `${kind}${mask(label.slice(kind.length))}` : label;
}

/** An outcome with secrets masked in its text from outside; null if the value is not an outcome. */
export function maskOutcome(value: unknown, mask: Mask): RowOutcome | null {
  const { data } = RowOutcome.safeParse(value);
  if (data === undefined) return null;
  return WITH_REASON.includes(data.kind) ? { ...data, detail: mask(data.detail) } : data;
}

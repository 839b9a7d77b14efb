import { RowOutcome } from "../outcome.ts";
import { KIND_TRAITS } from "./kind-traits.ts";
import { kindOf } from "./label.ts";

type Mask = (text: string) => string;

/** A label with secrets masked in its text from outside; `outcome` is the one beside it, if any. */
export function maskLabel(label: string, outcome: unknown, mask: Mask): string {
  const kind = kindOf({ label, outcome: RowOutcome.safeParse(outcome).data });
  if (kind === null) return mask(label);
  return KIND_TRAITS[kind].quotes ? `${kind}${mask(label.slice(kind.length))}` : label;
}

/** An outcome with secrets masked in its text from outside; null if the value is not an outcome. */
export function maskOutcome(value: unknown, mask: Mask): RowOutcome | null {
  const { data } = RowOutcome.safeParse(value);
  if (data === undefined) return null;
  return KIND_TRAITS[data.kind].quotes ? { ...data, detail: mask(data.detail) } : data;
}

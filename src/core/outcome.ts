import { z } from "zod";
import type { Tier } from "./tier.ts";

export const LABEL_KINDS = [
  "SKIP",
  "PASS",
  "PASS-NOT-PROMOTED",
  "GREEN-BUT-PROMOTE-FAILED",
  "FAIL",
  "BLOCKED",
  "NOT-RUN",
] as const;
export const LabelKind = z.enum(LABEL_KINDS);
export type LabelKind = z.infer<typeof LabelKind>;

/** What happened to a recipe, read back after the act: all that a label is derived from. */
export type Outcome =
  | { kind: "SKIP"; reason: "no-new-version" | "never-released" }
  | { kind: "SKIP"; reason: "held"; hold: { reason: string; until: string } }
  | { kind: "PASS"; version: string; dataProven: boolean }
  | { kind: "PASS-NOT-PROMOTED"; version: string; reason: string }
  | { kind: "GREEN-BUT-PROMOTE-FAILED"; canonical: string | null; expected: string }
  | { kind: "FAIL"; tier: Tier; canonical: string | null }
  | { kind: "BLOCKED"; reason: string }
  | { kind: "NOT-RUN"; reason: string };

/** The outcome as a row keeps it, beside its label: programs read this, people the label. */
export const RowOutcome = z.object({
  kind: LabelKind,
  /** One word of the kind's own: the tier of a FAIL, the reason of a SKIP, of a block, of what was not promoted. */
  code: z.string(),
  /** The rest, for people. Empty where the code says all. */
  detail: z.string(),
});
export type RowOutcome = z.infer<typeof RowOutcome>;

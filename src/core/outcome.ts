import { z } from "zod";
import { TIERS, type Tier } from "./tier.ts";

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

/** Refusals of a release or of its surroundings that block a recipe; `refused` is any other one. */
export type RefusalCode = "permission" | "checkout" | "domain-answers" | "refused";

/** Why nothing is known about a recipe: the decision blocks it, or the surroundings broke its test. */
export const BlockedCode = z.enum([
  ...["sync-failed", "tag-moved", "canonical-unreadable", "requires", "machinery"],
  ...(["permission", "checkout", "domain-answers", "refused"] satisfies RefusalCode[]),
] as const);
export type BlockedCode = z.infer<typeof BlockedCode>;

/** Why a recipe was not tested, or not to its end. */
export type NotRunCode = "interrupted" | "stopped" | "sweep-deadline" | "only-sync" | "machinery";

/** Why a green release was not promoted. */
export type NotPromotedCode =
  | ("not-a-release" | "not-enrolled" | "broken" | "by-request" | "retry" | "not-tried")
  | ("already-canonical" | "older-than-canonical" | "nothing-tested" | "weakened" | "no-read-back" | "disk")
  | `${Tier}-${"failed" | "skipped" | "not-reached"}`;

/**
 * Why something was not done: programs read the code, people the detail. The detail is empty if the code says
 * everything.
 */
export interface Reason<Code extends string> {
  code: Code;
  detail: string;
}

/** Causes other than the recipe that end a test early, or prevent it. */
export type Interruption =
  | { kind: "BLOCKED"; reason: Reason<BlockedCode> }
  | { kind: "NOT-RUN"; reason: Reason<NotRunCode> };

/** The outcome for a recipe, read back after the act: everything from which a label is derived. */
export type Outcome =
  | { kind: "SKIP"; reason: "no-new-version" | "never-released" }
  | { kind: "SKIP"; reason: "held"; hold: { reason: string; until: string } }
  | { kind: "PASS"; version: string; dataProven: boolean }
  | { kind: "PASS-NOT-PROMOTED"; version: string; reason: Reason<NotPromotedCode> }
  | { kind: "GREEN-BUT-PROMOTE-FAILED"; canonical: string | null; expected: string }
  | { kind: "FAIL"; tier: Tier; canonical: string | null }
  | Interruption;

/** The outcome as kept in a row, beside its label: programs read this, people the label. */
export const RowOutcome = z.object({
  kind: LabelKind,
  /** A word specific to the kind: the tier of a FAIL, the reason of a SKIP, of a block, of a missing promotion. */
  code: z.string(),
  /** The rest, for people. Empty if the code says everything. */
  detail: z.string(),
});
export type RowOutcome = z.infer<typeof RowOutcome>;

/** A reason in the words of labels and details: `code`, or `code: detail`. */
export function reasonText({ code, detail }: Reason<string>): string {
  const words = WORDS.get(code) ?? code;
  return detail === "" ? words : `${words}: ${detail}`;
}

/** Codes with other words than the code itself. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ["not-a-release", "not a release"],
  ...TIERS.flatMap((tier) =>
    ["failed", "skipped", "not-reached"].map((status) => [`${tier}-${status}`, `${tier} ${status}`] as const),
  ),
]);

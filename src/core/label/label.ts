import { z } from "zod";
import { oneLine } from "../text/one-line.ts";
import type { Tier } from "../tier.ts";

export const LABEL_KINDS = [
  "SKIP",
  "PASS",
  "PASS-NOT-PROMOTED",
  "GREEN-BUT-PROMOTE-FAILED",
  "FAIL",
  "BLOCKED",
  "NOT-RUN",
] as const;
/** No label is longer: a reason is cut long before, a name of git has at most 255 bytes. */
const LONGEST_LABEL = 1000;

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

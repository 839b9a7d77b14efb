import type { Canonical, RecordReading } from "../../core/canonical.ts";
import type { Decision, VersionRef } from "../../core/decision/decision.ts";
import { keptOutcome, kindOf, type Labelled, labelFor } from "../../core/label/label.ts";
import type { LabelKind, NotPromotedCode, Outcome } from "../../core/outcome.ts";
import type { PromotionReport, RecipeReport } from "../../core/records/report.ts";
import { oneLine } from "../../core/text/one-line.ts";
import type { TierEnd } from "../../core/tier.ts";

export interface RowFacts {
  decision: Decision;
  outcome: Outcome;
  detail: string;
  /** Of a test: the detail without the count before it. */
  error?: string;
  target: RecipeReport["target"];
  tiers: TierEnd[];
  notPlanned: { tier: string; reason: string }[];
  promotion: PromotionReport | null;
  before: VersionRef | null;
  after: VersionRef | null;
  warnings: string[];
  acknowledged: NonNullable<RecipeReport["acknowledged"]> | null;
  lane: string | null;
  durationMs: number;
}

/** One row of a report. Its label is derived from the outcome, which is derived from the state read back. */
export function rowOf(facts: RowFacts): RecipeReport {
  const { decision, outcome } = facts;
  return {
    recipe: decision.recipe,
    decision: {
      action: decision.action,
      reason: decision.reason,
      reasons: decision.findings.map((finding) => finding.reason),
    },
    target: facts.target,
    tiers: facts.tiers,
    promotion: facts.promotion,
    label: labelFor(outcome),
    outcome: keptOutcome(outcome),
    detail: oneLine(facts.detail, 1000),
    ...(facts.error === undefined || !IS_RED.includes(outcome.kind)
      ? {}
      : { error: oneLine(facts.error, 1000) }),
    canonicalBefore: facts.before,
    canonicalAfter: facts.after,
    needsHuman: needsHuman(facts),
    brief: null,
    durationMs: facts.durationMs,
    ...(facts.acknowledged === null ? {} : { acknowledged: facts.acknowledged }),
    ...(facts.warnings.length === 0 ? {} : { warnings: facts.warnings }),
    ...(facts.notPlanned.length === 0 ? {} : { notPlanned: facts.notPlanned }),
    ...(facts.lane === null ? {} : { lane: facts.lane }),
    ...(decision.action === "RUN" || decision.command === undefined ? {} : { command: decision.command }),
  };
}

/** Whether a label needs a brief: every one but PASS and SKIP. */
export function needsBrief(row: Labelled): boolean {
  const kind = kindOf(row);
  return kind !== "PASS" && kind !== "SKIP";
}

/** The version and commit of a record that counts, in the form of reports. */
export function refOf(record: Canonical | null): VersionRef | null {
  return record === null ? null : { version: record.version, commit: record.commit };
}

/** The record as shown for a recipe that is not tested. */
export function refOfReading(reading: RecordReading): VersionRef | null {
  return reading.state === "read" && reading.record.status !== "revoked" ? refOf(reading.record) : null;
}

const IS_RED: readonly LabelKind[] = ["FAIL", "GREEN-BUT-PROMOTE-FAILED", "BLOCKED"];

/** Reasons for not promoting a green on request, or because nothing newer was tested. */
const NOTHING_TO_DO: readonly NotPromotedCode[] = [
  ...(["not-a-release", "by-request", "already-canonical", "older-than-canonical"] as const),
];

function needsHuman({ decision, outcome }: RowFacts): boolean {
  switch (outcome.kind) {
    case "PASS":
      return false;
    case "SKIP":
      return decision.whoActs !== "nobody";
    case "PASS-NOT-PROMOTED":
      return !NOTHING_TO_DO.includes(outcome.reason.code);
    case "NOT-RUN":
      return outcome.reason.code === "machinery";
    default:
      return true;
  }
}

import { describeFailure } from "../../core/act.ts";
import { provenRecord, type RecordReading } from "../../core/canonical.ts";
import { outcomeOf } from "../../core/label/outcome-of-test.ts";
import {
  type BlockedCode,
  type Interruption,
  type NotPromotedCode,
  type Reason,
  reasonText,
} from "../../core/outcome.ts";
import type { PromotionReport, RecipeReport } from "../../core/records/report.ts";
import { type Redactor, redactTexts } from "../../core/secrets/redactor.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import type { Run } from "../../run/run.ts";
import type { RecipeTest } from "../cold-test/cold-test.ts";
import type { RecipeRequest } from "../decide/recipe-request.ts";
import { refOf, rowOf } from "./row.ts";

/** All sources of a row; the records are those read back from disk, before and after. */
export interface TestedRecipe {
  request: RecipeRequest;
  test: RecipeTest;
  whyNotPromoted: Reason<NotPromotedCode> | null;
  promotion: PromotionReport | null;
  before: RecordReading;
  after: RecordReading;
  durationMs: number;
}

/** The row of a tested recipe, without secrets. */
export function rowOfTest(run: Run, tested: TestedRecipe, evidence: Evidence): RecipeReport {
  const { request, test, promotion } = tested;
  const { target } = request;
  const after = provenRecord(tested.after);
  const said = saidOf(tested, evidence.notes);
  const row = rowOf({
    decision: request.decision,
    outcome: outcomeOf({
      version: target.version,
      redAt: test.redAt,
      interruption: interruptionOf(run, tested),
      whyNotPromoted: tested.whyNotPromoted,
      promotion,
      run: run.id,
      after,
    }),
    detail: `${countOf(test)}; ${said}`,
    error: said,
    target: {
      version: target.version,
      commit: target.commit,
      tagObject: target.isRelease ? target.tagObject : null,
    },
    tiers: test.tiers,
    notPlanned: test.planned.flatMap((entry) =>
      entry.planned ? [] : [{ tier: entry.tier, reason: entry.reason }],
    ),
    promotion,
    before: refOf(provenRecord(tested.before)),
    after: refOf(after),
    warnings: [...evidence.warnings, ...(test.kept === null ? [] : [test.kept])],
    acknowledged: request.acknowledged ?? null,
    lane: request.lane.name,
    durationMs: tested.durationMs,
  });
  return withoutSecrets(row, evidence.redactor);
}

// A row contains the words of commands and tests.
function withoutSecrets(row: RecipeReport, redactor: Redactor): RecipeReport {
  const { recipe, decision, target, ...said } = row;
  const clean = redactTexts(said, redactor) as typeof said;
  return { recipe, decision, target, ...clean };
}

function interruptionOf(run: Run, { test, after }: TestedRecipe): Interruption | null {
  // The fate of the canonical is unknown: no label may call it unchanged, or absent.
  if (after.state === "unreadable") return blocked("canonical-unreadable", after.problem);
  const { failure } = test;
  if (failure === null) return null;
  // Only the sweep's own limit proves nothing about the recipe; other exceeded limits do.
  if (failure.cause === "timeout" && failure.limitMs === run.deadline.limitMs)
    return { kind: "NOT-RUN", reason: { code: "sweep-deadline", detail: "" } };
  if (test.redAt !== null) return null;
  if (failure.cause === "interrupted")
    return { kind: "NOT-RUN", reason: { code: "interrupted", detail: "" } };
  if (failure.step === "requires") return blocked("requires", failure.message);
  if (failure.refusal !== undefined) return { kind: "BLOCKED", reason: failure.refusal };
  if (failure.cause === "machinery" || failure.cause === "refused")
    return blocked(failure.cause, failure.message);
  return blocked("machinery", describeFailure(failure));
}

function blocked(code: BlockedCode, detail: string): Interruption {
  return { kind: "BLOCKED", reason: { code, detail } };
}

function countOf({ tiers }: RecipeTest): string {
  const passed = tiers.filter((end) => end.status === "passed").length;
  return `passed ${passed} of ${tiers.length} planned`;
}

function saidOf(tested: TestedRecipe, notesOfSteps: readonly string[]): string {
  const { test, whyNotPromoted: whyNot, promotion } = tested;
  const why =
    test.failure !== null
      ? describeFailure(test.failure)
      : ((whyNot && reasonText(whyNot)) ??
        (promotion?.result === "promoted" ? describePromotion(promotion) : promotion?.reason) ??
        tested.request.decision.detail);
  // The reason of a skipped tier includes its name: `upgrade skipped: base V0 does not deploy: …`.
  const skipped = test.tiers
    .filter((end) => end.status === "skipped" && whyNot?.code !== `${end.tier}-skipped`)
    .map((end) => `; ${end.tier} skipped: ${end.reason}`);
  const residue = test.residue.length === 0 ? "" : `; residue: ${test.residue.join(", ")}`;
  const notes = [...notesOfSteps, ...(promotion?.notes ?? [])].map((note) => `; ${note}`).join("");
  return `${why}${skipped.join("")}${residue}${notes}`;
}

// The reason for the test (no canonical yet, a newer release) no longer holds after a promotion.
function describePromotion({ from, sentinel }: NonNullable<RecipeReport["promotion"]>): string {
  const what = from === null ? "the first canonical" : `advanced from ${from} on its data`;
  return sentinel === undefined || sentinel === "none" ? what : `${what}, sentinel ${sentinel}`;
}

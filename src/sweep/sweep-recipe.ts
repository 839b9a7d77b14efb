import { readRecord } from "../canonical/store.ts";
import { deadlineIn } from "../command/deadline.ts";
import type { LaneConfig, RecipeConfig } from "../config/config.ts";
import { provenRecord } from "../core/canonical.ts";
import type { Decision } from "../core/decision/decision.ts";
import { outcomeOf, type TestInterruption } from "../core/outcome.ts";
import { type Broken, readTags, type TagRef, upgradeBase } from "../core/release-tag.ts";
import type { RecipeReport } from "../core/report.ts";
import type { Tier } from "../core/tier.ts";
import type { App, ServiceState } from "../driver/driver.ts";
import { describeFailure } from "../driver/outcome.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { type Redactor, redactTexts } from "../evidence/redactor.ts";
import { decidePromotion } from "./decide-promotion.ts";
import { promoteRecipe } from "./promote-recipe.ts";
import { refOf, rowOf } from "./row.ts";
import type { Run } from "./run.ts";
import { type RecipeTest, testRecipe } from "./test-recipe.ts";

export interface RecipeRequest {
  recipe: RecipeConfig;
  lane: LaneConfig;
  decision: Decision;
  target: { version: string; commit: string; tagObject: string; isRelease: boolean };
  /** The tags of the mirror, for the base of an upgrade. */
  tags: readonly TagRef[];
  wanted: readonly Tier[];
  copyOf: App | null;
  keep: boolean;
  acceptMovedTag: boolean;
  /** `--quick`, `--ref`, `--tier`, `--no-promote`: what rules a promotion out. */
  ruledOutBy: string | null;
  acknowledged: RecipeReport["acknowledged"] | null;
}

/** The row of a recipe, and the state of its services when what failed was still there. */
export interface Swept {
  row: RecipeReport;
  services: ServiceState[];
}

/**
 * The spine: cold test → promote → label → row. The record is read before and after, and the label is made of
 * what is read.
 */
export async function sweepRecipe(run: Run, request: RecipeRequest, evidence: Evidence): Promise<Swept> {
  const { clock, state } = run.context;
  const { recipe, target } = request;
  const paths = state.canonical(recipe.recipe);
  const startedMs = clock.now();
  const before = readRecord(paths, recipe.recipe);
  const canonical = provenRecord(before);
  const test = await testRecipe(
    run,
    {
      ...request,
      base: baseOf(request, canonical?.version ?? null, recipe.broken),
      deadline: deadlineIn(clock, "timeouts.recipe", recipe.timeouts.recipe),
    },
    evidence,
  );
  const green = test.failure === null && test.redAt === null;
  const whyNot = green ? decidePromotion(run, request, test, canonical) : null;
  const promoted =
    green && whyNot === null ? await promoteRecipe(run, request, test, before, evidence) : null;
  const promotion = promoted?.report ?? null;
  const after = provenRecord(readRecord(paths, recipe.recipe));
  const outcome = outcomeOf({
    version: target.version,
    redAt: test.redAt,
    interruption: interruptionOf(run, test),
    whyNotPromoted: whyNot,
    promotion,
    run: run.id,
    after,
  });
  const row = rowOf({
    decision: request.decision,
    outcome,
    detail: detailOf(test, whyNot, promotion, request.decision),
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
    before: refOf(canonical),
    after: refOf(after),
    warnings: [...evidence.warnings, ...(test.kept === null ? [] : [test.kept])],
    acknowledged: request.acknowledged ?? null,
    lane: request.lane.name,
    durationMs: clock.now() - startedMs,
  });
  return { row: withoutSecrets(row, evidence.redactor), services: promoted?.services ?? test.services };
}

// What commands and tests said stands in a row word by word.
function withoutSecrets(row: RecipeReport, redactor: Redactor): RecipeReport {
  const { recipe, decision, target, ...said } = row;
  const clean = redactTexts(said, redactor) as typeof said;
  return { recipe, decision, target, ...clean };
}

function baseOf(
  request: RecipeRequest,
  canonical: string | null,
  broken: Broken,
): { version: string; commit: string } | null {
  const { releases } = readTags(request.tags);
  const base = upgradeBase(releases, request.target.version, canonical, broken);
  return base === null || base.commit === request.target.commit
    ? null
    : { version: base.name, commit: base.commit };
}

function interruptionOf(run: Run, test: RecipeTest): TestInterruption | null {
  const { failure } = test;
  if (failure === null) return null;
  if (failure.cause !== "recipe" && run.context.clock.now() >= run.deadline.at)
    return { cause: "interrupted", message: "sweep-deadline" };
  if (failure.cause === "interrupted") return { cause: "interrupted", message: "interrupted" };
  if (failure.step === "requires") return { cause: "requires", message: failure.message };
  if (failure.cause === "machinery" || failure.cause === "refused")
    return { cause: failure.cause, message: failure.message };
  return test.redAt === null ? { cause: "machinery", message: describeFailure(failure) } : null;
}

function detailOf(
  test: RecipeTest,
  whyNot: string | null,
  promotion: RecipeReport["promotion"],
  decision: Decision,
): string {
  const planned = test.tiers.length;
  const passed = test.tiers.filter((end) => end.status === "passed").length;
  const shown = `passed ${passed} of ${planned} planned`;
  const why =
    test.failure !== null
      ? describeFailure(test.failure)
      : (whyNot?.replace(/^(tier-skipped): .*$/, "$1") ??
        (promotion?.result === "promoted" ? describePromotion(promotion) : promotion?.reason) ??
        decision.detail);
  // The reason of a skipped tier is said with its tier: `upgrade skipped: base V0 does not deploy: …`.
  const skipped = test.tiers.flatMap((end) =>
    end.status === "skipped" ? [`; ${end.tier} skipped: ${end.reason}`] : [],
  );
  const residue = test.residue.length === 0 ? "" : `; residue: ${test.residue.join(", ")}`;
  const notes = (promotion?.notes ?? []).map((note) => `; ${note}`).join("");
  return `${shown}; ${why}${skipped.join("")}${residue}${notes}`;
}

// Why it was tested (no canonical yet, a newer release) no longer holds once it is promoted.
function describePromotion({ from, sentinel }: NonNullable<RecipeReport["promotion"]>): string {
  const what = from === null ? "the first canonical" : `advanced from ${from} on its data`;
  return sentinel === undefined || sentinel === "none" ? what : `${what}, sentinel ${sentinel}`;
}

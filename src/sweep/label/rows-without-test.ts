import { readRecord } from "../../canonical/store.ts";
import type { Decision } from "../../core/decision/decision.ts";
import { BlockedCode, type Interruption, type Outcome, reasonText } from "../../core/outcome.ts";
import type { RecipeReport } from "../../core/records/report.ts";
import { acknowledgementInForce, holdInForce } from "../../exceptions/store.ts";
import type { Run } from "../../run/run.ts";
import type { DecidedRecipe } from "../decide/decide-all.ts";
import { refOfReading, rowOf } from "./row.ts";

/** The row of a recipe whose decision is not to test it. */
export function rowOfDecision(run: Run, entry: DecidedRecipe): RecipeReport {
  return rowWithout(run, entry, outcomeOfDecision(run, entry.decision), entry.decision.detail, 0);
}

/** The row of a recipe that should have been tested and was not. */
export function rowNotRun(run: Run, entry: DecidedRecipe, why: Interruption, durationMs = 0): RecipeReport {
  const detail = `${entry.decision.detail}; not tested: ${reasonText(why.reason)}`;
  return rowWithout(run, entry, why, detail, durationMs);
}

/** The acknowledgement in force of a recipe, in the form of reports. */
export function acknowledgedOf(run: Run, recipe: string): RecipeReport["acknowledged"] | null {
  const exceptions = run.exceptions(recipe);
  if (exceptions.state !== "read") return null;
  const known = acknowledgementInForce(
    exceptions.value,
    run.context.clock.now(),
    run.context.config.timezone,
  );
  if (known === null) return null;
  return {
    reason: known.reason,
    until: known.until,
    ...(known.owner === undefined ? {} : { owner: known.owner }),
  };
}

function rowWithout(
  run: Run,
  entry: DecidedRecipe,
  outcome: Outcome,
  detail: string,
  durationMs: number,
): RecipeReport {
  const { decision, recipe, notes } = entry;
  const canonical = refOfReading(readRecord(run.context.state.canonical(recipe.recipe), recipe.recipe));
  return rowOf({
    decision,
    outcome,
    detail,
    target: decision.latest,
    tiers: [],
    notPlanned: [],
    promotion: null,
    before: canonical,
    after: canonical,
    warnings: notes,
    acknowledged: acknowledgedOf(run, recipe.recipe) ?? null,
    lane: null,
    durationMs,
  });
}

function outcomeOfDecision(run: Run, decision: Decision): Outcome {
  if (decision.action === "BLOCKED")
    return { kind: "BLOCKED", reason: { code: BlockedCode.parse(decision.reason), detail: "" } };
  if (decision.reason === "held") return { kind: "SKIP", reason: "held", hold: holdOf(run, decision.recipe) };
  return { kind: "SKIP", reason: decision.reason === "never-released" ? "never-released" : "no-new-version" };
}

function holdOf(run: Run, recipe: string): { reason: string; until: string } {
  const { clock, config } = run.context;
  const exceptions = run.exceptions(recipe);
  const hold =
    exceptions.state === "read" ? holdInForce(exceptions.value, clock.now(), config.timezone) : null;
  return hold ?? { reason: "the hold ended during the sweep", until: "now" };
}

import { readDowns } from "../canonical/down.ts";
import { type PromotionJournal, readJournal } from "../canonical/promotion-journal.ts";
import { readKept, readRecord } from "../canonical/store.ts";
import { deadlineIn } from "../command/deadline.ts";
import type { RecipeConfig } from "../config/config.ts";
import { type ActResult, describeFailure, fail, succeed } from "../core/act.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { messageOf } from "../fault.ts";
import { isoTime } from "../log.ts";
import { recordedBy, rollBack, type Settled } from "../promote/roll-back.ts";
import { isThere, listFolder } from "../state/files.ts";
import { appUnderTest, warmApp } from "./app-under-test.ts";
import { holdingLanes } from "./hold-lanes.ts";
import { laneOf } from "./lanes.ts";
import { type RollRow, rollOne } from "./roll-one.ts";
import { lastingStep, type Run } from "./run.ts";

/** A promotion whose end is not seen yet, so that its journal stays; or a live canonical that stays down. */
export interface Unsettled {
  recipe: string;
  problem: string;
}

/**
 * Ends promotions that dead runs left, each with the old record and data or with the new ones. Returns a line for each
 * settled one; an unsettled one keeps its journal, which blocks only that recipe.
 */
export async function settlePromotions(
  run: Run,
  evidence: Evidence,
): Promise<{ settled: string[]; unsettled: Unsettled[] }> {
  const { config, state } = run.context;
  const pending = listFolder(state.canonicals).filter((recipe) => isThere(state.canonical(recipe).promotion));
  const [settled, unsettled]: [string[], Unsettled[]] = [[], []];
  const settleAll = async () => {
    for (const recipe of pending) {
      const outcome = await trySettle(run, recipe, evidence);
      if (outcome.ok) settled.push(outcome.value);
      else unsettled.push({ recipe, problem: run.redactor.redact(outcome.failure.message) });
    }
  };
  // A rollback may deploy: not beside a test of another state folder.
  await holdingLanes(
    run,
    config.recipes.filter(({ recipe }) => pending.includes(recipe)),
    settleAll,
  );
  return { settled, unsettled };
}

/**
 * Brings up the live canonicals that earlier runs could not; those with an unsettled promotion wait for that. `rows`
 * has all of them.
 */
export async function bringUpAgain(
  run: Run,
): Promise<{ rows: RollRow[]; settled: string[]; unsettled: Unsettled[] }> {
  const { config, state } = run.context;
  const down = new Set(readDowns(state, run.id).map(({ recipe }) => recipe));
  const recipes = config.recipes.filter(
    ({ recipe }) => down.has(recipe) && !isThere(state.canonical(recipe).promotion),
  );
  const [rows, settled, unsettled]: [RollRow[], string[], Unsettled[]] = [[], [], []];
  await holdingLanes(run, recipes, async () => {
    for (const recipe of recipes) {
      const reading = readRecord(state.canonical(recipe.recipe), recipe.recipe);
      if (reading.state !== "read") continue;
      const row = await rollOne(run, recipe, reading.record);
      const { detail, result, version } = row;
      rows.push(row);
      if (result === "failed")
        unsettled.push({
          recipe: recipe.recipe,
          problem: `the live canonical ${version} is down: ${detail}`,
        });
      else settled.push(`${recipe.recipe}: the live canonical ${version} is up again (${result})`);
    }
  });
  return { rows, settled, unsettled };
}

async function trySettle(run: Run, recipe: string, evidence: Evidence): Promise<ActResult<string>> {
  try {
    const reading = readJournal(run.context.state.canonical(recipe), recipe);
    if (reading.state === "absent") return succeed(`the promotion of ${recipe} was settled meanwhile`);
    if (reading.state === "unreadable")
      return unsettled(`${reading.problem}: the promotion of ${recipe} cannot be settled`);
    const config = run.context.config.recipes.find((entry) => entry.recipe === recipe);
    const to = reading.value.to.version;
    if (config === undefined)
      return unsettled(`${recipe} is no longer configured: its promotion to ${to} cannot be rolled back`);
    return await settlePromotion(run, config, reading.value, evidence);
  } catch (error) {
    return unsettled(`the promotion of ${recipe} cannot be settled: ${messageOf(error)}`);
  }
}

async function settlePromotion(
  run: Run,
  config: RecipeConfig,
  journal: PromotionJournal,
  evidence: Evidence,
): Promise<ActResult<string>> {
  const { clock, config: all, state } = run.context;
  const { recipe } = config;
  const paths = state.canonical(recipe);
  const recorded = recordedBy({ paths }, journal);
  if (!recorded.ok) return unsettled(recorded.failure.message);
  const app = warmApp(run, config, laneOf(all, journal.lane), readKept(paths.kept));
  const limit = deadlineIn(clock, "timeouts.promote (rollback)", config.timeouts.promote);
  const rollbackStep = lastingStep(run, evidence, `rollback-${recipe}`, limit);
  const underTest = await appUnderTest(run, config, app);
  const { redact } = run.redactor;
  const outcome = await rollBack(
    { underTest, paths, snapshot: state.snapshot(recipe), rollbackStep, room: null, redact },
    journal,
    { ts: isoTime(clock), event: "rolled-back", reason: `the run ended at the step ${journal.step}` },
  );
  if (!outcome.ok) return unsettled(`the rollback did not end: ${describeFailure(outcome.failure)}`);
  return succeed(settledLine(journal, recorded.value !== null, outcome.value));
}

function unsettled(problem: string): ActResult<string> {
  return fail("machinery", "settle", problem);
}

function settledLine(journal: PromotionJournal, isRecorded: boolean, how: Settled): string {
  const what = `${journal.recipe}: the ${journal.kind} of ${journal.to.version} by run ${journal.run}`;
  const answered =
    how === "answered" ? "; its live canonical answered already, before anything was started" : "";
  return isRecorded
    ? `${what} was recorded; its leftovers were removed${answered}`
    : `${what} was rolled back from its step ${journal.step}${answered}`;
}

import { readRecord } from "../canonical/store.ts";
import { deadlineIn } from "../command/deadline.ts";
import { provenRecord } from "../core/canonical.ts";
import type { RecipeReport } from "../core/records/report.ts";
import { readTags, upgradeBase } from "../core/release-tag.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { Run } from "../run/run.ts";
import type { Tested } from "./cold-test/test-recipe.ts";
import { testRecipe } from "./cold-test/test-recipe.ts";
import type { RecipeRequest } from "./decide/recipe-request.ts";
import { rowOfTest, type TestedRecipe } from "./label/row-of-test.ts";
import { decidePromotion } from "./promote/decide-promotion.ts";
import { promoteRecipe } from "./promote/promote-recipe.ts";

/** The row of a recipe, and what it was made of, services as they were when what failed was still there. */
export interface Swept {
  row: RecipeReport;
  tested: Tested;
}

/**
 * The spine: cold test → promote → label → row. The record is read before and after, and the label is made of
 * what is read.
 */
export async function sweepRecipe(run: Run, request: RecipeRequest, evidence: Evidence): Promise<Swept> {
  const { clock, state } = run.context;
  const { recipe } = request;
  const paths = state.canonical(recipe.recipe);
  const startedMs = clock.now();
  const before = readRecord(paths, recipe.recipe);
  const canonical = provenRecord(before);
  const deadline = deadlineIn(clock, "timeouts.recipe", recipe.timeouts.recipe);
  const base = baseOf(request, canonical?.version ?? null);
  const test = await testRecipe(run, { ...request, base, deadline }, evidence);
  const green = test.failure === null && test.redAt === null;
  const whyNotPromoted = green ? decidePromotion(run, request, test, canonical, evidence) : null;
  const isPromoted = green && whyNotPromoted === null;
  if (isPromoted) noteTested(run, { request, test, before }, clock.now() - startedMs, evidence);
  const promoted = isPromoted ? await promoteRecipe(run, request, test, before, evidence) : null;
  const promotion = promoted?.report ?? null;
  const after = readRecord(paths, recipe.recipe);
  const durationMs = clock.now() - startedMs;
  const tested = { request, test, whyNotPromoted, promotion, before, after, durationMs };
  const services = promoted?.services ?? test.services;
  return { row: rowOfTest(run, tested, evidence), tested: { request, test, services } };
}

// What is known before the promotion: a run that is killed in it cannot say it any more.
function noteTested(
  run: Run,
  tested: Pick<TestedRecipe, "request" | "test" | "before">,
  durationMs: number,
  evidence: Evidence,
): void {
  const notYet = { whyNotPromoted: null, promotion: null, after: tested.before, durationMs };
  run.note("tested", { row: rowOfTest(run, { ...tested, ...notYet }, evidence) });
}

// For what is no release, a base that is the tested commit itself would be an upgrade from it to itself.
function baseOf(
  { recipe, tags, target }: RecipeRequest,
  canonical: string | null,
): { version: string; commit: string } | null {
  const base = upgradeBase(readTags(tags).releases, target.version, canonical, recipe.broken);
  if (base === null || (!target.isRelease && base.commit === target.commit)) return null;
  return { version: base.name, commit: base.commit };
}

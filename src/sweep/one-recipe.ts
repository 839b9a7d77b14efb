import { readRecord } from "../canonical/store.ts";
import { deadlineIn } from "../command/deadline.ts";
import { provenRecord } from "../core/canonical.ts";
import type { RecipeReport } from "../core/records/report.ts";
import { readTags, upgradeBase } from "../core/release-tag.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { laneOfRecord } from "../run/lanes.ts";
import { evidenceOf, type Run } from "../run/run.ts";
import { writeBriefOf } from "./brief/write-brief.ts";
import { coldTest, type Tested } from "./cold-test/cold-test.ts";
import type { DecidedRecipe } from "./decide/decide-all.ts";
import type { Choices, RecipeRequest } from "./decide/recipe-request.ts";
import type { Target } from "./decide/target.ts";
import { rowOfTest, type TestedRecipe } from "./label/row-of-test.ts";
import { acknowledgedOf } from "./label/rows-without-test.ts";
import { decidePromotion } from "./promote/decide-promotion.ts";
import { promoteRecipe } from "./promote/promote-recipe.ts";

/** Takes one recipe from its decision to its row and its brief, and reports its beginning and its end. */
export async function sweepRecipe(
  run: Run,
  entry: DecidedRecipe,
  target: Target,
  choices: Choices,
): Promise<RecipeReport> {
  const { decision, mirror, notes, recipe, record } = entry;
  const lane = laneOfRecord(run.context.config, record);
  const evidence = evidenceOf(run, recipe.recipe);
  evidence.warnings.push(...notes);
  tellStart(run, recipe.recipe, target.version);
  const tags = mirror.state === "synced" ? mirror.tags : [];
  const acknowledged = acknowledgedOf(run, recipe.recipe);
  const request = { recipe, lane, decision, target, tags, acknowledged, ...choices };
  const { row, tested } = await testAndPromote(run, request, evidence);
  return tellEnd(run, await writeBriefOf(run, row, evidence, tested));
}

/** Reports how a recipe ended, and returns its row. */
export function tellEnd(run: Run, row: RecipeReport): RecipeReport {
  const { recipe, label, outcome, detail, durationMs } = row;
  // The whole row: a killed sweep is continued from here.
  run.note("labelled", { recipe, label, row });
  run.context.progress({ kind: "ended", recipe, label, outcome, detail, durationMs });
  return row;
}

function tellStart(run: Run, recipe: string, version: string): void {
  run.note("started", { recipe, version });
  run.context.progress({ kind: "started", recipe, version, expectedMs: run.history.expectedMs(recipe) });
}

// The spine: cold test → promote → label → row. The label is derived from the record as read before and after.
async function testAndPromote(
  run: Run,
  request: RecipeRequest,
  evidence: Evidence,
): Promise<{ row: RecipeReport; tested: Tested }> {
  const { clock, state } = run.context;
  const { recipe } = request;
  const paths = state.canonical(recipe.recipe);
  const startedMs = clock.now();
  const before = readRecord(paths, recipe.recipe);
  const canonical = provenRecord(before);
  const deadline = deadlineIn(clock, "timeouts.recipe", recipe.timeouts.recipe);
  const base = baseOf(request, canonical?.version ?? null);
  const test = await coldTest(run, { ...request, base, deadline, origin: null }, evidence);
  const green = test.failure === null && test.redAt === null;
  const whyNotPromoted = green ? decidePromotion(run, request, test, canonical, evidence) : null;
  const isPromoted = green && whyNotPromoted === null;
  if (isPromoted) noteTested(run, { request, test, before }, clock.now() - startedMs, evidence);
  const promoted = isPromoted ? await promoteRecipe(run, request, test, before, evidence) : null;
  const promotion = promoted?.report ?? null;
  const after = readRecord(paths, recipe.recipe);
  const durationMs = clock.now() - startedMs;
  const row = rowOfTest(
    run,
    { request, test, whyNotPromoted, promotion, before, after, durationMs },
    evidence,
  );
  return { row, tested: { request, test, services: promoted?.services ?? test.services, after } };
}

// The facts before the promotion: a run killed during it could not report them later.
function noteTested(
  run: Run,
  tested: Pick<TestedRecipe, "request" | "test" | "before">,
  durationMs: number,
  evidence: Evidence,
): void {
  const notYet = { whyNotPromoted: null, promotion: null, after: tested.before, durationMs };
  run.note("tested", { row: rowOfTest(run, { ...tested, ...notYet }, evidence) });
}

// Without a release, a base equal to the tested commit would be an upgrade to itself.
function baseOf(
  { recipe, tags, target }: RecipeRequest,
  canonical: string | null,
): { version: string; commit: string } | null {
  const base = upgradeBase(readTags(tags).releases, target.version, canonical, recipe.broken);
  if (base === null || (!target.isRelease && base.commit === target.commit)) return null;
  return { version: base.name, commit: base.commit };
}

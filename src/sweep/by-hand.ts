import { readKept } from "../canonical/store.ts";
import type { RecipeConfig } from "../config/config.ts";
import type { App } from "../core/app.ts";
import { provenRecord } from "../core/canonical.ts";
import type { Decision, Finding } from "../core/decision/decision.ts";
import type { RecipeReport, Report } from "../core/records/report.ts";
import { Fault } from "../fault.ts";
import { warmApp } from "../run/app-under-test.ts";
import { configuredRecipe } from "../run/configured-recipe.ts";
import type { Context } from "../run/context.ts";
import { holdingLanes } from "../run/hold-lanes.ts";
import { laneOfRecord } from "../run/lanes.ts";
import { withRun } from "../run/open-run.ts";
import type { Run } from "../run/run.ts";
import { withBrief } from "./brief/write-brief.ts";
import { type DecidedRecipe, decideAll } from "./decide/decide-all.ts";
import type { RunRequest } from "./decide/run-request.ts";
import { targetOf } from "./decide/target.ts";
import { rowOfDecision } from "./label/rows-without-test.ts";
import { sweepRecipe, tellEnd } from "./one-recipe.ts";
import { assembleReport } from "./report/assemble-report.ts";
import { syncRecipes } from "./sync/sync-recipes.ts";

/** Tests one recipe by hand. Overrides SKIP, never BLOCKED; accepts a moved tag only on request. */
export async function runRecipe(context: Context, request: RunRequest): Promise<Report> {
  const recipe = configuredRecipe(context, request.recipe);
  return withRun(context, `run ${request.recipe}`, async (open) => {
    const [entry] = await decideAll(open.run, await syncRecipes(open.run, [recipe]));
    if (entry === undefined) throw new Error("nothing was decided");
    const row = await holdingLanes(
      open.run,
      blockedBy(entry.decision, request.acceptMovedTag) !== null ? [] : [recipe],
      () => rowFor(open.run, recipe, entry, request),
    );
    return assembleReport(open, {
      kind: "run",
      rows: [row],
      hollow: [],
      machinery: false,
      unpromotedByRequest: ruledOutBy(request) !== null,
      onlySync: false,
    });
  });
}

async function rowFor(
  run: Run,
  recipe: RecipeConfig,
  entry: DecidedRecipe,
  request: RunRequest,
): Promise<RecipeReport> {
  const blocked = blockedBy(entry.decision, request.acceptMovedTag);
  if (blocked !== null) {
    const decision = { ...entry.decision, ...blocked };
    return tellEnd(run, await withBrief(run, rowOfDecision(run, { ...entry, decision })));
  }
  const target = await targetOf(run, recipe, entry, request);
  if (target === null) return tellEnd(run, await withBrief(run, rowOfDecision(run, entry)));
  const asked = { ...entry, decision: asRun(entry.decision) };
  return sweepRecipe(run, asked, target, {
    wanted: request.tiers,
    copyOf: request.quick ? copyOf(run, entry) : null,
    keep: request.keep,
    acceptMovedTag: request.acceptMovedTag,
    ruledOutBy: ruledOutBy(request),
    retryOf: null,
  });
}

// A run by hand overrides a SKIP, which may hide a block; null: nothing blocks.
function blockedBy(decision: Decision, acceptMovedTag: boolean): Finding | null {
  const blocking = decision.findings.filter((finding) => finding.action === "BLOCKED");
  return blocking.find((finding) => !(acceptMovedTag && finding.reason === "tag-moved")) ?? null;
}

/** Why a run by hand can never promote, whatever its result; null if it can. */
function ruledOutBy(request: RunRequest): string | null {
  if (request.ref !== null) return "--ref";
  if (request.quick) return "--quick";
  if (request.tiers.length > 0) return "--tier";
  return request.promote ? null : "--no-promote";
}

// The row states what was done: a run by hand, whatever a sweep would have decided.
function asRun(decision: Decision): Decision {
  return { ...decision, action: "RUN" };
}

function copyOf(run: Run, { recipe, record }: DecidedRecipe): App {
  if (provenRecord(record) === null)
    throw new Fault(
      "usage",
      `${recipe.recipe} has no canonical to copy`,
      `run it without --quick first: \`canonical-sweep run ${recipe.recipe}\``,
    );
  const { config, state } = run.context;
  const { kept } = state.canonical(recipe.recipe);
  return warmApp(run, recipe, laneOfRecord(config, record), readKept(kept));
}

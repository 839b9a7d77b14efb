import { appendHistory, readKept } from "../../canonical/store.ts";
import { deadlineIn } from "../../command/deadline.ts";
import { describeFailure } from "../../core/act.ts";
import { provenRecord, type RecordReading } from "../../core/canonical.ts";
import type { ServiceState } from "../../core/read-back.ts";
import type { PromotionReport } from "../../core/records/report.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import { isoTime } from "../../log.ts";
import { keepCommit, syncMirrorToDisk } from "../../mirror/keep.ts";
import { promote } from "../../promote/promote.ts";
import { appUnderTest, warmApp } from "../../run/app-under-test.ts";
import { lastingStep, type Run, stepOf } from "../../run/run.ts";
import type { RecipeTest } from "../cold-test/cold-test.ts";
import { type Provided, provide, removeProviders } from "../cold-test/provide.ts";
import type { RecipeRequest } from "../decide/recipe-request.ts";

/** The result of a promotion, and the evidence of the warm app from before a rollback. */
export interface Promoted {
  report: PromotionReport;
  services: ServiceState[];
}

/** Promotes a proven release, with its providers up; never throws for an obstacle. */
export async function promoteRecipe(
  run: Run,
  request: RecipeRequest,
  test: RecipeTest,
  before: RecordReading,
  evidence: Evidence,
): Promise<Promoted> {
  const { clock, state, progress } = run.context;
  const { recipe, target, lane } = request;
  const paths = state.canonical(recipe.recipe);
  progress({ kind: "phase", recipe: recipe.recipe, phase: "promote", expectedMs: null });
  const limit = deadlineIn(clock, "timeouts.promote", recipe.timeouts.promote);
  const step = stepOf(run, evidence, "promote", limit);
  const rollbackLimit = {
    ...limit,
    setting: "timeouts.promote (rollback)",
    at: limit.at + recipe.timeouts.promote,
  };
  run.note("promotion-began", {
    recipe: recipe.recipe,
    version: target.version,
    limit: new Date(rollbackLimit.at).toISOString(),
  });
  const rollbackStep = lastingStep(run, evidence, "rollback", rollbackLimit);
  const underTest = await appUnderTest(run, recipe, warmApp(run, recipe, lane, readKept(paths.kept)));
  const { app, driver } = underTest;
  const provided: Provided = { providers: [], env: {} };
  let services: ServiceState[] = [];
  const ready = await readyToPromote(run, request, before, underTest, provided, step);
  const report =
    ready ??
    (await promote({
      underTest,
      proven: {
        version: target.version,
        commit: target.commit,
        tagObject: target.tagObject,
        tests: await hashesOf(test),
        tiers: test.tiers.filter((end) => end.status === "passed").map((end) => end.tier),
        environment: run.environment.fingerprint,
      },
      before: before.state === "read" ? before.record : null,
      warm: recipe.warm,
      canProveData: test.tests.canProveData,
      paths,
      snapshot: state.snapshot(recipe.recipe),
      step,
      rollbackStep,
      redact: run.redactor.redact,
      collectEvidence: async () => {
        services = await driver.collectEvidence(app, null, `${evidence.folder}/warm`, rollbackStep);
      },
    }));
  const folder = `${evidence.folder}/providers`;
  for (const problem of await removeProviders(underTest, provided, folder, rollbackStep))
    rollbackStep.warn(problem);
  run.note("promotion-ended", { recipe: recipe.recipe, result: report.result, reason: report.reason });
  return { report, services };
}

async function readyToPromote(
  run: Run,
  { recipe, target, lane }: RecipeRequest,
  before: RecordReading,
  underTest: Parameters<typeof provide>[3],
  provided: Provided,
  step: Parameters<typeof provide>[5],
): Promise<PromotionReport | null> {
  const { tools, state } = run.context;
  const refused = (reason: string) => refuse(run, recipe.recipe, target.version, before, reason);
  // It was readable when the decision was made: somebody changed it since, and nothing is promoted over it.
  if (before.state === "unreadable") return refused(before.problem);
  const kept = await keepCommit(state.mirror(recipe.recipe).bare, target, tools);
  if (!kept.ok) return refused(describeFailure(kept.failure));
  const synced = await syncMirrorToDisk(state.mirror(recipe.recipe).bare, tools, step);
  if (!synced.ok) return refused(describeFailure(synced.failure));
  const ready = await provide(run, recipe, lane, underTest, provided, step);
  return ready.ok ? null : refused(describeFailure(ready.failure));
}

// Refused before the transaction began: nothing was touched, and the history says so.
function refuse(
  run: Run,
  recipe: string,
  to: string,
  before: RecordReading,
  reason: string,
): PromotionReport {
  const { clock, state } = run.context;
  const from = provenRecord(before)?.version ?? null;
  appendHistory(state.canonical(recipe), {
    ts: isoTime(clock),
    event: "refused",
    from,
    to,
    run: run.id,
    reason,
  });
  return { kind: from === null ? "seed" : "advance", from, to, result: "refused", reason, durationMs: 0 };
}

// A promotion names the green tests by content, so that they can be found again.
async function hashesOf(test: RecipeTest): Promise<Record<string, string>> {
  const passed = test.tiers.flatMap((end) => end.tests ?? []).filter((end) => end.status === "passed");
  const names = new Set(passed.map((end) => end.name));
  const hashed = [...names].sort().map(async (name) => [name, await test.tests.hashOf(name)] as const);
  return Object.fromEntries(await Promise.all(hashed));
}

import { exitOfPlan } from "../../core/exit-code.ts";
import { renderPlan } from "../../render/plan.ts";
import { makePlan, type Plan, type PlanRow } from "../../sweep/decide/plan.ts";
import { withContext } from "../context.ts";
import { type Invocation, listArgument } from "../invocation.ts";
import { printResult } from "../print.ts";
import { configuredRecipes } from "../recipes.ts";

export const PLAN_SCHEMA = 1;

/** `plan`: the decision table. */
export async function runPlan(invocation: Invocation): Promise<number> {
  const { clock } = invocation.surroundings;
  const sync = invocation.options.sync !== false;
  const startedMs = clock.now();
  return withContext(invocation, { live: true }, async (context, reporting) => {
    const recipes = configuredRecipes(context.config, listArgument(invocation, 0));
    const plan = await makePlan(context, { recipes, sync });
    reporting.close();
    context.signal.throwIfAborted();
    printResult(invocation, planDocument(plan), (layout) =>
      renderPlan(plan, { ...layout, ageAt: sync && isFresh(plan, startedMs) ? null : clock.now() }),
    );
    return exitOfPlan(
      plan.rows.map((row) => row.decision),
      plan.hollowReasons.length > 0,
    );
  });
}

// While a run is at work, a plan uses cached facts although fresh ones were requested.
function isFresh(plan: Plan, startedMs: number): boolean {
  return plan.rows.every((row) => row.askedAt === null || Date.parse(row.askedAt) >= startedMs);
}

/** `plan --json`. */
export function planDocument(plan: Plan): unknown {
  return {
    schema: PLAN_SCHEMA,
    rows: plan.rows.map(rowDocument),
    notEnrolled: plan.notEnrolled,
    hollow: plan.hollowReasons.length > 0,
    hollowReasons: plan.hollowReasons,
    notes: plan.notes,
  };
}

function rowDocument({ decision, askedAt }: PlanRow): unknown {
  const { recipe, action, reason, findings, latest, canonical, whoActs, detail, command } = decision;
  return {
    recipe,
    action,
    reason,
    reasons: findings.map((finding) => finding.reason),
    latest: latest && { version: latest.version, commit: latest.commit },
    canonical: canonical && { version: canonical.version, commit: canonical.commit },
    needsHuman: whoActs !== "nobody",
    detail,
    whoActs,
    command: command ?? null,
    notReleases: decision.notReleases,
    askedAt,
  };
}

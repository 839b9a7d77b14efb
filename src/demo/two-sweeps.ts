import type { Report } from "../core/records/report.ts";
import { hold } from "../exceptions/change.ts";
import { dayIn } from "../exceptions/store.ts";
import { whoIsAtWork } from "../report/who-is-at-work.ts";
import type { Context } from "../run/context.ts";
import type { Progress } from "../run/progress.ts";
import { requestStop } from "../run/stop.ts";
import { makePlan, type Plan } from "../sweep/decide/plan.ts";
import { runSweep } from "../sweep/sweep.ts";
import { SAMPLES, STOPPED_DURING } from "./story.ts";
import { type CheckedRow, checkLabels } from "./verdict.ts";
import type { World } from "./world.ts";

const MONTH_MS = 30 * 24 * 3_600_000;

/** Receives the demo's progress, to show it. */
export interface Audience {
  planned(sweep: 0 | 1, plan: Plan): void;
  swept(sweep: 0 | 1, report: Report, rows: CheckedRow[]): void;
}

export interface DemoSweep {
  report: Report;
  rows: CheckedRow[];
}

/**
 * Runs two sweeps over the sample recipes, through the same functions as `sweep`, with a week of upstream's work in
 * between. An interrupt ends it after the sweep under way. `context` has the progress of `stoppingFirst`.
 */
export async function runTwoSweeps(context: Context, world: World, audience: Audience): Promise<DemoSweep[]> {
  holdSamples(context);
  const first = await planAndSweep(context, 0, audience);
  if (context.signal.aborted) return [first];
  await world.passTheWeek();
  return [first, await planAndSweep(context, 1, audience)];
}

async function planAndSweep(context: Context, sweep: 0 | 1, audience: Audience): Promise<DemoSweep> {
  audience.planned(sweep, await makePlan(context, { recipes: [], sync: true }));
  const report = await runSweep(context, { onlySync: false });
  const rows = checkLabels(report, sweep);
  audience.swept(sweep, report, rows);
  return { report, rows };
}

function holdSamples({ state, config, clock }: Context): void {
  const until = dayIn(config.timezone, clock.now() + MONTH_MS);
  for (const { recipe, held } of SAMPLES)
    if (held !== undefined)
      hold({ state, timezone: config.timezone, clock }, { recipe, reason: held, until, owner: "the demo" });
}

/** Passes all progress on, and asks the first sweep to stop at its recipe, like `stop` from another terminal. */
export function stoppingFirst({
  progress,
  state,
  clock,
}: Pick<Context, "progress" | "state" | "clock">): Progress {
  let isAsked = false;
  return (event) => {
    progress(event);
    if (isAsked || event.kind !== "started" || event.recipe !== STOPPED_DURING) return;
    isAsked = true;
    const holder = whoIsAtWork(state);
    if (holder !== null) requestStop(state, holder.run, clock);
  };
}

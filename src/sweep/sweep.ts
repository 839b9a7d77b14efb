import { hollowReasons } from "../core/label/honesty.ts";
import type { Report } from "../core/records/report.ts";
import type { Context } from "../run/context.ts";
import { holdingLanes } from "../run/hold-lanes.ts";
import { type OpenRun, withRun } from "../run/open-run.ts";
import { liveCanonicals, rollAll } from "../run/roll.ts";
import { hollowFacts } from "../run/run-history.ts";
import { continueSweep, NOTHING_TO_CONTINUE } from "./continuation.ts";
import { decideAll } from "./decide/decide-all.ts";
import { assembleReport } from "./report/assemble-report.ts";
import { keepMaintainerIssues } from "./report/maintainer-issues.ts";
import { notifyEnd, notifyFault, notifyStart } from "./report/notifications.ts";
import { removeOldRuns } from "./report/remove-old-runs.ts";
import { syncRecipes } from "./sync/sync-recipes.ts";
import { testAll } from "./test-all.ts";

/**
 * One full sweep: sync → facts → decide → cold test → promote → label → report. With `onlySync` it stops after
 * the decisions. The report is written whatever happens to a single recipe.
 */
export async function runSweep(context: Context, options: { onlySync: boolean }): Promise<Report> {
  const command = options.onlySync ? "sweep --only-sync" : "sweep";
  try {
    return await withRun(context, command, (open) =>
      options.onlySync ? sweepWith(open, options) : toldSweep(open, options),
    );
  } catch (error) {
    if (!options.onlySync) await notifyFault(context, error);
    throw error;
  }
}

async function toldSweep(open: OpenRun, options: { onlySync: boolean }): Promise<Report> {
  const started = notifyStart(open.run);
  const report = await sweepWith(open, options);
  await Promise.all([started(), notifyEnd(open, report), keepMaintainerIssues(open.run, report)]);
  return report;
}

async function sweepWith(open: OpenRun, options: { onlySync: boolean }): Promise<Report> {
  const { run } = open;
  const { context } = run;
  const hollow = hollowFacts(context.config, run.history);
  const enrolled = context.config.recipes.filter((recipe) => recipe.enrolled);
  if (!options.onlySync) await holdingLanes(run, liveCanonicals(context), () => rollAll(open));
  const continuation = options.onlySync ? NOTHING_TO_CONTINUE : continueSweep(run);
  const synced = await syncRecipes(run, enrolled);
  const decided = await decideAll(run, synced);
  const toTest = options.onlySync ? [] : decided.filter((entry) => entry.decision.action === "RUN");
  const tested = await holdingLanes(
    run,
    toTest.map((entry) => entry.recipe),
    () => testAll(run, decided, options, continuation),
  );
  if (!options.onlySync) removeOldRuns(run);
  return assembleReport(open, {
    kind: options.onlySync ? "run" : "sweep",
    rows: tested.rows,
    hollow: hollowReasons(hollow, tested.rows),
    machinery: tested.brokenBy !== null,
    unpromotedByRequest: false,
    onlySync: options.onlySync,
    continues: continuation.of,
  });
}

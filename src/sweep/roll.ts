import type { Bed } from "../app/bed.ts";
import { deployHealthy } from "../app/deploy-healthy.ts";
import { foreignTo } from "../app/foreign.ts";
import { waitHealthy } from "../app/health.ts";
import { readKept, readRecord } from "../canonical/store.ts";
import { deadlineIn } from "../command/deadline.ts";
import type { Step } from "../command/step.ts";
import type { RecipeConfig } from "../config/config.ts";
import type { Canonical } from "../core/canonical.ts";
import { EXIT, type ExitCode } from "../core/exit-code.ts";
import type { RecipeReport } from "../core/report.ts";
import { describeFailure } from "../driver/outcome.ts";
import { targetOf } from "../edge/probe.ts";
import { messageOf } from "../fault.ts";
import { bedOf, warmApp } from "./beds.ts";
import type { Context } from "./context.ts";
import { holdingLanes } from "./hold-lanes.ts";
import { laneOf } from "./lanes.ts";
import { withRun } from "./open-run.ts";
import { evidenceOf, type Run, stepOf } from "./run.ts";

export interface RollRow {
  recipe: string;
  version: string;
  /** `healthy`: it ran its version and answered. `brought-up`: it had to be deployed. */
  result: "healthy" | "brought-up" | "failed";
  detail: string;
}

export interface RollReport {
  rows: RollRow[];
  exit: ExitCode;
}

/** A live canonical that runs answers within this time, in milliseconds. */
const LOOK_LIMIT_MS = 15_000;

/** Brings every live canonical to its version and checks it, as a run of its own. */
export async function rollLive(context: Context): Promise<RollReport> {
  return withRun(context, "roll", async (open) => {
    const rows = await holdingLanes(open.run, liveCanonicals(context), () => rollAll(open.run));
    const failed = rows.some((row) => row.result === "failed");
    return { rows, exit: failed ? EXIT.findings : EXIT.ok };
  });
}

/** Brings every live canonical to its version, one after the other; a failure is a row, and blocks who requires it. */
export async function rollAll(run: Run): Promise<RollRow[]> {
  const rows: RollRow[] = [];
  for (const recipe of liveCanonicals(run.context)) {
    const reading = readRecord(run.context.state.canonical(recipe.recipe), recipe.recipe);
    if (reading.state !== "read") continue;
    const row = await rollOne(run, recipe, reading.record);
    run.note("rolled", { ...row });
    run.context.progress({
      kind: "note",
      text: `live ${row.recipe} ${row.version}: ${row.result}${row.detail === "" ? "" : ` (${row.detail})`}`,
    });
    rows.push(row);
  }
  return rows;
}

/** The recipes whose canonical is recorded as live. */
export function liveCanonicals({ config, state }: Context): RecipeConfig[] {
  return config.recipes.filter(({ recipe }) => {
    const reading = readRecord(state.canonical(recipe), recipe);
    return reading.state === "read" && reading.record.status === "live";
  });
}

/** A row that says so where the live canonical that it stands at could not be brought up. */
export function withRoll(row: RecipeReport, rolled: readonly RollRow[]): RecipeReport {
  const failed = rolled.find((entry) => entry.recipe === row.recipe && entry.result === "failed");
  if (failed === undefined || row.canonicalAfter?.version !== failed.version) return row;
  const warning = `the live canonical ${failed.version} does not run: ${failed.detail}`;
  return { ...row, needsHuman: true, warnings: [...(row.warnings ?? []), warning] };
}

async function rollOne(run: Run, recipe: RecipeConfig, record: Canonical): Promise<RollRow> {
  const row = (result: RollRow["result"], detail: string): RollRow => ({
    recipe: recipe.recipe,
    version: record.version,
    result,
    detail: run.redactor.redact(detail),
  });
  try {
    const { clock, config, state } = run.context;
    const kept = readKept(state.canonical(recipe.recipe).kept);
    const app = warmApp(run, recipe, laneOf(config, record.lane ?? null), kept);
    const bed = await bedOf(run, recipe, app);
    const limit = deadlineIn(clock, "timeouts.deploy", recipe.timeouts.deploy);
    const step = stepOf(run, evidenceOf(run, recipe.recipe), "roll", limit);
    if (await isHealthyAt(bed, record, step)) return row("healthy", "");
    const inWay = await foreignAt(bed, record, step);
    if (inWay !== null) return row("failed", inWay);
    const stopped = await bed.driver.undeploy(app, null, step);
    if (!stopped.ok) return row("failed", describeFailure(stopped.failure));
    const wanted = { version: record.version, commit: record.commit, base: null, assertVersion: true };
    const deployed = await deployHealthy(bed, wanted, step);
    return deployed.ok
      ? row("brought-up", "it did not run its version or did not answer")
      : row("failed", describeFailure(deployed.failure));
  } catch (error) {
    return row("failed", messageOf(error));
  }
}

/** What is not ours would refuse the deploy: nothing is stopped for it. */
async function foreignAt(bed: Bed, record: Canonical, step: Step): Promise<string | null> {
  const inventory = await bed.driver.inventory(bed.app, null, step);
  if (!inventory.ok) return describeFailure(inventory.failure);
  const foreign = foreignTo(record, inventory.value);
  return foreign.length === 0 ? null : `not ours, and left alone: ${foreign.join(", ")}`;
}

async function isHealthyAt(bed: Bed, record: Canonical, step: Step): Promise<boolean> {
  const source = {
    recipe: bed.app.recipe,
    version: record.version,
    commit: record.commit,
    checkout: "",
    mirror: "",
  };
  const running = await bed.driver.running(bed.app, source, step);
  if (!running.ok || running.value.version !== record.version) return false;
  const url = await bed.driver.url(bed.app, source, step);
  if (!url.ok) return false;
  const target = targetOf(url.value, bed.app.edge, bed.app.domain);
  const look = step.within(deadlineIn(bed.clock, "live canonical", LOOK_LIMIT_MS));
  return (await waitHealthy(bed, target, record.version, look)).ok;
}

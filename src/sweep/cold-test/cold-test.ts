import { join } from "node:path";
import { permissionProblem } from "../../app/permissions.ts";
import { tearDown } from "../../app/teardown.ts";
import type { AppUnderTest } from "../../app/under-test.ts";
import type { InProgress, TestedRelease } from "../../cold-test/in-progress.ts";
import { runTiers, type TiersEnd, type TierWatch } from "../../cold-test/run-tiers.ts";
import { type Deadline, deadlineIn, earliest } from "../../command/deadline.ts";
import type { LaneConfig, RecipeConfig } from "../../config/config.ts";
import { type ActResult, describeFailure, type Failure } from "../../core/act.ts";
import type { App } from "../../core/app.ts";
import type { RecordReading } from "../../core/canonical.ts";
import { TRAITS } from "../../core/driver-traits.ts";
import { planTiers } from "../../core/plan/tier-plan.ts";
import type { ServiceState } from "../../core/read-back.ts";
import type { PlannedTier, Tier } from "../../core/tier.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import { appUnderTest, coldApp, type Origin } from "../../run/app-under-test.ts";
import { testDiskProblem } from "../../run/disk.ts";
import { lastingStep, type Run, stepOf } from "../../run/run.ts";
import type { RecipeRequest } from "../decide/recipe-request.ts";
import { judgeMachinery, type Red, takeRedBack } from "./machinery-or-recipe.ts";
import { type Provided, provide, removeProviders } from "./provide.ts";
import { type RecipeTests, readTests } from "./test-facts.ts";

/** Limit for evidence and teardown, whatever the limits of the test, in milliseconds. */
const TEARDOWN_LIMIT_MS = 5 * 60_000;

export interface TestRequest {
  recipe: RecipeConfig;
  lane: LaneConfig;
  target: TestedRelease;
  base: { version: string; commit: string } | null;
  wanted: readonly Tier[];
  /** The canonical whose copy a quick run starts from. */
  copyOf: App | null;
  /** Leaves the app running for inspection. */
  keep: boolean;
  deadline: Deadline;
  /** Its source; null: the mirror and the configuration at launch. */
  origin: Origin | null;
}

export interface RecipeTest extends TiersEnd, Red {
  planned: PlannedTier[];
  tests: RecipeTests;
  services: ServiceState[];
  /** Our objects that were still there after the teardown. */
  residue: string[];
  /** The running version could be read back. */
  canReadBack: boolean;
  /** The running images at the end, read back; empty if nothing healthy ran. */
  images: { service: string; digest: string }[];
  /** Time of the failure, in milliseconds since the epoch; null if it did not fail. */
  failedAt: number | null;
  /** The app that `--keep` left running. */
  kept: string | null;
}

/** The sources of a row, other than the row itself; null if nothing was tested. */
export interface Tested {
  request: RecipeRequest;
  test: RecipeTest;
  services: readonly ServiceState[];
  /** The record, read back at the end. */
  after: RecordReading;
}

/** Cold-tests one release of a recipe from nothing to nothing: providers, tiers, evidence, teardown, inventory. */
export async function coldTest(run: Run, request: TestRequest, evidence: Evidence): Promise<RecipeTest> {
  const { recipe, lane, target } = request;
  const app = coldApp(run, recipe, lane, request.copyOf?.kept ?? null);
  const underTest = await appUnderTest(run, recipe, app, request.origin);
  const tests = readTests(underTest.folder, recipe, target.version, !target.isRelease);
  const test: RecipeTest = {
    tiers: [],
    redAt: null,
    failure: null,
    ruledOut: [],
    planned: [],
    tests,
    services: [],
    residue: [],
    canReadBack: false,
    images: [],
    failedAt: null,
    kept: null,
  };
  const provided: Provided = { providers: [], env: {} };
  const testing: Testing = {
    run,
    request,
    evidence,
    provided,
    test,
    progress: inProgress(underTest, request, tests),
  };
  try {
    await prepareAndRun(testing);
  } finally {
    await end(testing);
  }
  return test;
}

/** One running cold test, from its preparation to its teardown. */
interface Testing {
  run: Run;
  request: TestRequest;
  evidence: Evidence;
  provided: Provided;
  progress: InProgress;
  test: RecipeTest;
}

async function prepareAndRun(testing: Testing): Promise<void> {
  const { run, request, evidence, provided, progress, test } = testing;
  const { underTest } = progress;
  run.context.progress({ kind: "phase", recipe: request.recipe.recipe, phase: "prepare", expectedMs: null });
  const limit = deadlineIn(run.context.clock, "timeouts.tier", request.recipe.timeouts.tier);
  const step = stepOf(run, evidence, "prepare", request.deadline, limit);
  const disk = testDiskProblem(run.context);
  if (disk !== null) return giveUp(test, { cause: "machinery", step: "disk", message: disk });
  const planned = await plan(underTest, request, test.tests, step);
  if (!planned.ok) return giveUp(test, planned.failure);
  test.planned = planned.value;
  const ready = await provide(run, request.recipe, request.lane, underTest, provided, step);
  if (!ready.ok) return giveUp(test, { ...ready.failure, step: "requires" });
  Object.assign(test, await runTiers(progress, test.planned, watchOf(testing)));
}

async function plan(
  underTest: AppUnderTest,
  request: TestRequest,
  tests: RecipeTests,
  step: Parameters<AppUnderTest["checkOut"]>[2],
): Promise<ActResult<PlannedTier[]>> {
  const checkout = await underTest.checkOut(request.target.version, request.target.commit, step);
  if (!checkout.ok) return checkout;
  const permitted = await permissionProblem(underTest, checkout.value, step);
  // An unreadable release is red at its install, which refuses it again.
  if (!permitted.ok && permitted.failure.cause !== "recipe") return permitted;
  const backups = await underTest.driver.declaresBackups(underTest.app, checkout.value, step);
  const value = planTiers({
    base: request.base?.version ?? null,
    backups,
    missingData: tests.missingData,
    customTests: tests.byTier.custom.filter((entry) => entry.planned).length,
    wanted: request.wanted,
    quick: request.copyOf !== null,
  });
  return { ok: true, value };
}

// Nothing was deployed: planned tiers are not reached, and the report lists each as planned.
function giveUp(test: RecipeTest, failure: Failure): void {
  test.failure = failure;
  test.tiers = test.planned
    .filter((entry) => entry.planned)
    .map(({ tier }) => ({ tier, status: "not-reached", because: "machinery", durationMs: 0 }));
}

function inProgress(underTest: AppUnderTest, request: TestRequest, tests: RecipeTests): InProgress {
  return {
    underTest,
    target: request.target,
    base: request.base,
    tests: tests.byTier,
    canProveData: tests.canProveData,
    copyOf: request.copyOf,
    deployLimitMs: request.recipe.timeouts.deploy,
    deployed: null,
    seeded: false,
    backup: null,
  };
}

function watchOf({ run, request, evidence, progress, test }: Testing): TierWatch {
  const { clock, progress: tell } = run.context;
  const { recipe, timeouts } = request.recipe;
  const tierDeadline = () =>
    earliest(run.deadline, request.deadline, deadlineIn(clock, "timeouts.tier", timeouts.tier));
  return {
    step: (tier) => stepOf(run, evidence, tier, tierDeadline()),
    began: (tier) => {
      run.note("tier-began", { recipe, tier, limit: new Date(tierDeadline().at).toISOString() });
      tell({ kind: "phase", recipe, phase: tier, expectedMs: null });
    },
    ended: (tierEnd) => {
      if (progress.deployed?.version != null) test.canReadBack = true;
      const { tier, status, durationMs } = tierEnd;
      run.note("tier-ended", { recipe, tier, status, durationMs });
      tell({ kind: "tier-ended", recipe, tier, status, durationMs });
    },
  };
}

async function end({ run, request, evidence, provided, progress, test }: Testing): Promise<void> {
  const { underTest } = progress;
  const { clock, progress: tell } = run.context;
  const { recipe } = request.recipe;
  if (test.failure !== null) test.failedAt = clock.now();
  test.images = progress.deployed?.images ?? [];
  const folder = join(evidence.folder, "evidence");
  const judge = (services: readonly ServiceState[]) =>
    judgeMachinery(run.context, request, test, evidence, services);
  if (request.keep && test.failure?.cause !== "interrupted") {
    run.keepsScratch = true;
    test.kept = `${underTest.app.domain} is left up for a look: \`canonical-sweep clean\` removes it`;
    test.services = await underTest.driver.collectEvidence(
      underTest.app,
      progress.deployed?.source ?? null,
      folder,
      lastingStep(run, evidence, "evidence", deadlineIn(clock, "evidence", TEARDOWN_LIMIT_MS)),
    );
    await judge(test.services);
    return;
  }
  tell({ kind: "phase", recipe, phase: "teardown", expectedMs: null });
  const step = lastingStep(run, evidence, "teardown", deadlineIn(clock, "teardown", TEARDOWN_LIMIT_MS));
  const torn = await tearDown(underTest, progress.deployed?.source ?? null, folder, step, judge);
  const problems = await removeProviders(underTest, provided, folder, step);
  test.services = torn.services;
  test.residue = [...torn.residue, ...problems];
  for (const note of torn.notes) step.warn(note);
  run.note("torn-down", { recipe, residue: test.residue });
  if (test.residue.length > 0 && test.failure === null)
    test.failure = { cause: "machinery", step: "teardown", message: `residue: ${test.residue.join(", ")}` };
  // If the lane gives no answer after a red, it may have broken the test itself: nothing is known about the recipe.
  if (torn.unseen !== null && isLanesFailure(underTest, torn.unseen))
    takeRedBack(test, torn.unseen.step, torn.unseen.message);
  if (test.failure !== null) step.say(describeFailure(test.failure));
}

function isLanesFailure({ driver }: AppUnderTest, { cause }: Failure): boolean {
  return cause === "machinery" || (cause === "timeout" && TRAITS[driver.name].inventoryFrom === "lane");
}

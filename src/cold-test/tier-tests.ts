import { runTest, type TestSubject, volumeNames } from "../app/run-test.ts";
import type { Step } from "../command/step.ts";
import type { ActResult, Failure } from "../core/act.ts";
import type { TestEnd, Tier } from "../core/tier.ts";
import { failedTier, type InProgress, type TierResult } from "./in-progress.ts";

/** The subject of a test of this tier, as the app stands now. */
async function subjectOf(test: InProgress, tier: Tier, step: Step): Promise<TestSubject> {
  return {
    version: test.deployed?.source.version ?? test.target.version,
    commit: test.deployed?.source.commit ?? test.target.commit,
    ...(tier === "upgrade" && test.base !== null && test.deployed?.source.version !== test.base.version
      ? { baseVersion: test.base.version }
      : {}),
    tier,
    target: test.deployed?.target ?? null,
    volumes: await volumeNames(test.bed, step),
  };
}

/**
 * Runs all tests of a tier that apply, also after one has failed, and concludes the tier from them and from
 * what `before` brings (tests of the data). A tier of nothing but skipped tests is skipped.
 */
export async function concludeTier(
  test: InProgress,
  tier: Tier,
  before: TestEnd[],
  step: Step,
): Promise<TierResult> {
  const ends: TestEnd[] = [...before];
  const subject = await subjectOf(test, tier, step);
  for (const planned of test.tests[tier]) {
    if (!planned.planned) {
      ends.push({ name: planned.name, status: "not-planned", reason: planned.reason, durationMs: 0 });
      continue;
    }
    const run = await runTest(test.bed, planned.name, subject, step);
    ends.push(run.end);
    if (run.failure !== null) return failedTier(run.failure, ends);
  }
  return resultOf(
    tier,
    ends,
    test.tests[tier].some((planned) => planned.planned),
  );
}

/** Runs one of `tests/data`; its failure is the tier's. */
export async function runDataTest(
  test: InProgress,
  tier: Tier,
  name: "seed" | "verify" | "damage",
  step: Step,
): Promise<ActResult<TestEnd>> {
  const run = await runTest(test.bed, `data/${name}`, await subjectOf(test, tier, step), step);
  if (run.end.status === "passed") return { ok: true, value: run.end };
  return { ok: false, failure: run.failure ?? dataFailure(name, run.end) };
}

/** Plants the sentinel, unless it stands already in the data of what runs. */
export async function seedOnce(test: InProgress, tier: Tier, step: Step): Promise<ActResult> {
  if (test.seeded || !test.canProveData) return { ok: true, value: undefined };
  const seeded = await runDataTest(test, tier, "seed", step);
  if (!seeded.ok) return seeded;
  test.seeded = true;
  return { ok: true, value: undefined };
}

function dataFailure(name: string, end: TestEnd): Failure {
  return { cause: "recipe", step: `data/${name}`, message: end.reason ?? end.status };
}

function resultOf(tier: Tier, ends: TestEnd[], anyPlanned: boolean): TierResult {
  const failed = ends.find((end) => end.status === "failed");
  if (failed !== undefined)
    return failedTier({ cause: "recipe", step: failed.name, message: failed.reason ?? "failed" }, ends);
  const ran = ends.filter((end) => end.status !== "not-planned" && end.name.startsWith(`${tier}/`));
  const skipped = ran.filter((end) => end.status === "skipped");
  if (anyPlanned && ran.length > 0 && skipped.length === ran.length)
    return {
      status: "skipped",
      reason: skipped.map((end) => `${end.name}: ${end.reason}`).join("; "),
      tests: ends,
    };
  return { status: "passed", tests: ends };
}

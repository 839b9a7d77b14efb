import { join } from "node:path";
import { deployHealthy } from "../app/deploy-healthy.ts";
import type { AppUnderTest, Deployed } from "../app/under-test.ts";
import { deadlineIn } from "../command/deadline.ts";
import type { Step } from "../command/step.ts";
import { type ActResult, DONE, type Failure, succeed } from "../core/act.ts";
import type { App } from "../core/app.ts";
import type { PlannedTest } from "../core/plan/test-plan.ts";
import type { TestEnd, Tier } from "../core/tier.ts";
import { ensureFolder, removeTree } from "../state/files.ts";

export interface TestedRelease {
  version: string;
  commit: string;
  /** Whether it is a release tag: then the running version must be this one. */
  isRelease: boolean;
}

/** The state of a running cold test, for the tiers to come. */
export interface InProgress {
  underTest: AppUnderTest;
  target: TestedRelease;
  base: { version: string; commit: string } | null;
  /** The tests of every tier, and those of `tests/data`. */
  tests: Readonly<Record<Tier, readonly PlannedTest[]>>;
  /** Whether `tests/data/{seed,verify,damage}` all exist. */
  canProveData: boolean;
  /** The canonical whose copy a quick run starts from. */
  copyOf: App | null;
  deployLimitMs: number;
  /** The running app; null if nothing runs. */
  deployed: Deployed | null;
  /** The running app's data contains the sentinel. */
  seeded: boolean;
  backup: { folder: string; id: string } | null;
}

/** The end of a tier, before its duration is known. */
export type TierResult =
  | { status: "passed"; tests: TestEnd[] }
  | { status: "skipped"; reason: string; tests: TestEnd[] }
  | { status: "failed"; failure: Failure; tests: TestEnd[] };

export function failedTier(failure: Failure, tests: TestEnd[] = []): TierResult {
  return { status: "failed", failure, tests };
}

/** Removes the running app and its data, so that the next deploy starts from nothing. */
export async function wipe(test: InProgress, step: Step): Promise<ActResult> {
  const { underTest } = test;
  const source = test.deployed?.source ?? null;
  test.deployed = null;
  test.seeded = false;
  const stopped = await underTest.driver.undeploy(underTest.app, source, step);
  if (!stopped.ok) return stopped;
  return underTest.driver.remove(underTest.app, step);
}

/** Deploys the target if it does not run yet: from nothing, or in a quick run on a copy of the canonical. */
export async function ensureTarget(test: InProgress, step: Step): Promise<ActResult<Deployed>> {
  if (test.deployed !== null && test.deployed.source.commit === test.target.commit)
    return succeed(test.deployed);
  const ready =
    test.copyOf === null ? DONE : await test.underTest.driver.copyData(test.copyOf, test.underTest.app, step);
  if (!ready.ok) return ready;
  return deployOn(test, test.target, null, step);
}

/** Deploys a version over the running one, and remembers it. */
export async function deployOn(
  test: InProgress,
  release: { version: string; commit: string; isRelease?: boolean },
  over: Deployed | null,
  step: Step,
): Promise<ActResult<Deployed>> {
  const limited = step.within(deadlineIn(test.underTest.clock, "timeouts.deploy", test.deployLimitMs));
  const deployed = await deployHealthy(
    test.underTest,
    {
      version: release.version,
      commit: release.commit,
      base: over?.source ?? null,
      assertVersion: release.isRelease ?? true,
    },
    limited,
  );
  if (deployed.ok) test.deployed = deployed.value;
  return deployed;
}

/** An empty folder of this test. */
export function emptyFolder(test: InProgress, name: string): string {
  const folder = join(test.underTest.app.scratch, name);
  removeTree(folder);
  ensureFolder(folder, 0o700);
  return folder;
}

import { basename, join } from "node:path";
import { Environment } from "../command/environment.ts";
import type { CommandResult } from "../command/run.ts";
import type { Step } from "../command/step.ts";
import type { Failure } from "../core/act.ts";
import { certainSign } from "../core/cause/machinery-signature.ts";
import { missingTool } from "../core/cause/missing-tool.ts";
import { TRAITS } from "../core/driver-traits.ts";
import { testEnvironment } from "../core/plan/test-environment.ts";
import { firstError } from "../core/text/first-error.ts";
import { lastLine } from "../core/text/last-line.ts";
import { oneLine } from "../core/text/one-line.ts";
import type { TestEnd } from "../core/tier.ts";
import { failureOfTime } from "../driver/out-of-time.ts";
import { type Target, urlOf } from "../edge/probe.ts";
import { ensureFolder, removeTree } from "../state/files.ts";
import { readJunit } from "./read-junit.ts";
import type { AppUnderTest } from "./under-test.ts";

/** Facts about the current app, for a test. */
export interface TestSubject {
  version: string;
  commit?: string;
  baseVersion?: string;
  tier: string;
  target: Target | null;
  volumes?: readonly string[];
}

export interface TestRun {
  end: TestEnd;
  /** Why a test could not be run properly: a missing tool, a limit, an interrupt. */
  failure: Failure | null;
  stdout: string;
}

/** Exit code of a skipped test; the last line of its output gives the reason. */
const SKIPPED = 77;
/** Lines logged from the beginning, and from the end, of a test's output. */
const QUOTED_LINES = 5_000;

/** Runs one executable of the recipe's `tests/` in an empty scratch folder, with only the environment of tests. */
export async function runTest(
  underTest: AppUnderTest,
  name: string,
  subject: TestSubject,
  step: Step,
): Promise<TestRun> {
  return runExecutable(underTest, join("tests", name), name, subject, {}, step);
}

/** Runs an executable of the recipe's configuration folder: a test, or a provider's `setup`. */
export async function runExecutable(
  underTest: AppUnderTest,
  path: string,
  name: string,
  subject: TestSubject,
  extra: Readonly<Record<string, string>>,
  step: Step,
): Promise<TestRun> {
  const scratch = join(underTest.app.scratch, "test");
  removeTree(scratch);
  ensureFolder(scratch);
  const junit = `junit-${basename(name)}.xml`;
  removeTree(join(underTest.app.scratch, junit));
  const file = join(underTest.folder, path);
  const result = await step.run({
    file,
    args: [],
    cwd: underTest.folder,
    env: Environment.ofOperator({
      ...baseEnvironment(underTest, subject),
      ...extra,
      SWEEP_JUNIT: join(underTest.app.scratch, junit),
    }),
    capture: true,
    leavesNothing: true,
    shownAs: path,
  });
  const quoted = quote(outputOf(result));
  if (quoted !== "") step.say(quoted);
  const cases = readJunit(underTest.app.scratch, junit);
  if (cases?.problem) step.warn(`${name}: its JUnit file cannot be read: ${cases.problem}`);
  return judge(name, result, cases?.failures ?? [], step);
}

/** The names for `SWEEP_VOLUMES`; empty if they cannot be looked up, or if the data is in a folder. */
export async function volumeNames({ app, driver }: AppUnderTest, step: Step): Promise<string[]> {
  const volumes = await driver.volumes(app, step);
  return volumes.ok && TRAITS[driver.name].dataIs === "volumes" ? volumes.value.map(({ name }) => name) : [];
}

/** The environment shared by tests, health commands and setups. */
export function baseEnvironment(underTest: AppUnderTest, subject: TestSubject): Record<string, string> {
  const { app } = underTest;
  return testEnvironment({
    searchPath: underTest.searchPath,
    environment: underTest.environment,
    recipe: app.recipe,
    version: subject.version,
    commit: subject.commit ?? "",
    baseVersion: subject.baseVersion ?? null,
    tier: subject.tier === "" ? null : subject.tier,
    domain: app.domain,
    url: subject.target === null ? null : urlOf(subject.target),
    stack: app.stack,
    volumes: subject.volumes ?? [],
    scratch: join(app.scratch, "test"),
    run: app.run,
  });
}

function judge(name: string, result: CommandResult, failedCases: readonly string[], step: Step): TestRun {
  const output = outputOf(result);
  const end = (status: TestEnd["status"], reason?: string): TestEnd => ({
    name,
    status,
    durationMs: result.durationMs,
    ...(reason === undefined ? {} : { reason: oneLine(reason) }),
  });
  const tool =
    missingTool(output, result.exitCode) ?? (result.notStarted === null ? null : result.notStarted);
  if (result.ok) {
    if (tool !== null) step.warn(`${name} is green, but says that a tool is missing: ${tool}`);
    if (failedCases.length === 0) return { end: end("passed"), failure: null, stdout: result.stdout };
    return {
      end: end("failed", `exit 0, but its JUnit file has failures: ${failedCases.join("; ")}`),
      failure: null,
      stdout: result.stdout,
    };
  }
  if (result.exitCode === SKIPPED)
    return { end: end("skipped", lastLine(output) ?? ""), failure: null, stdout: result.stdout };
  if (result.timedOut || result.cancelled) {
    const failure = failureOfTime(step, name, result.lastSeen ?? "");
    return { end: end("failed", failure?.message ?? "ended by its limit"), failure, stdout: result.stdout };
  }
  const reason = firstError(output) ?? (failedCases.join("; ") || `exit ${result.exitCode ?? result.signal}`);
  const sign = tool === null ? certainSign(output, "host") : null;
  if (tool === null && sign === null)
    return { end: end("failed", reason), failure: null, stdout: result.stdout };
  const message =
    tool === null
      ? `${sign?.part} gives no answer, or stopped answering: ${sign?.words} (${name})`
      : `a tool is missing: ${tool} (${name})`;
  return {
    end: end("failed", message),
    failure: { cause: "machinery", step: name, message },
    stdout: result.stdout,
  };
}

/** The output of a test for the log; of a long one, the first and the last lines. */
function quote(output: string): string {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const leftOut = lines.length - 2 * QUOTED_LINES;
  if (leftOut > 0) lines.splice(QUOTED_LINES, leftOut, `… ${leftOut} lines were left out here …`);
  return lines.map((line) => `  ${line}`).join("\n");
}

function outputOf(result: CommandResult): string {
  return [result.stdout, result.stderr].filter((text) => text !== "").join("\n");
}

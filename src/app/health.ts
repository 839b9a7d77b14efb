import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { deadlineIn } from "../command/deadline.ts";
import { Environment } from "../command/environment.ts";
import type { Step } from "../command/step.ts";
import { type ActResult, DONE, fail, refuseFor } from "../core/act.ts";
import { missingTool } from "../core/cause/missing-tool.ts";
import { lastLine } from "../core/text/last-line.ts";
import { failureOfTime } from "../driver/out-of-time.ts";
import { type Answer, probeHttp, probeTcp, type Target } from "../edge/probe.ts";
import { baseEnvironment } from "./run-test.ts";
import type { AppUnderTest } from "./under-test.ts";

/** Pause between two probes in milliseconds: its cost in time to known healthy. */
const PAUSE_MS = 100;
/** Limit of a health command, in milliseconds. */
const COMMAND_LIMIT_MS = 30_000;

/** Waits until the app answers as its `health:` says, at most until the step's limit. */
export async function waitHealthy(
  underTest: AppUnderTest,
  target: Target,
  version: string,
  step: Step,
): Promise<ActResult> {
  let seen = "";
  for (;;) {
    const answer = await probe(underTest, target, version, step);
    if (answer.seen !== seen) step.say(`health: ${answer.seen}`);
    seen = answer.seen;
    if (answer.healthy) return DONE;
    if (answer.missing !== null) return missesTool(answer.missing);
    const failure = failureOfTime(step, "health", seen);
    if (failure !== null) return { ok: false, failure };
    await wait(PAUSE_MS);
  }
}

/**
 * The same probe must fail before anything is deployed: otherwise another service answers at the domain, and would pass
 * for a healthy app.
 */
export async function refuseAnswering(
  underTest: AppUnderTest,
  target: Target,
  version: string,
  step: Step,
): Promise<ActResult> {
  const answer = await probe(underTest, target, version, step);
  step.say(`health before the deploy: ${answer.seen}`);
  if (answer.missing !== null) return missesTool(answer.missing);
  if (!answer.healthy) return DONE;
  return refuseFor("health", {
    code: "domain-answers",
    detail: `${underTest.app.domain} answers before anything is deployed there (${answer.seen})`,
  });
}

/** An answer; `missing` names a tool without which a health command cannot judge the app. */
type Probed = Answer & { missing: string | null };

async function probe(underTest: AppUnderTest, target: Target, version: string, step: Step): Promise<Probed> {
  const { health } = underTest;
  if ("command" in health) return probeByCommand(underTest, target, health.command, version, step);
  const answer =
    "tcp" in health
      ? await probeTcp(target.address, health.tcp)
      : await probeHttp(target, health.path, health.status);
  return { ...answer, missing: null };
}

function missesTool(missing: string): ActResult {
  return fail("machinery", "health", `a tool is missing: ${missing}`);
}

async function probeByCommand(
  underTest: AppUnderTest,
  target: Target,
  command: string,
  version: string,
  step: Step,
): Promise<Probed> {
  const result = await step.run({
    file: join(underTest.folder, command),
    args: [],
    cwd: underTest.folder,
    env: Environment.ofOperator(baseEnvironment(underTest, { version, target, tier: "" })),
    deadline: deadlineIn(underTest.clock, command, COMMAND_LIMIT_MS),
    capture: true,
    leavesNothing: true,
  });
  const output = `${result.stdout}\n${result.stderr}`;
  return {
    healthy: result.ok,
    seen: `${command} exited ${result.exitCode ?? result.signal}: ${lastLine(output) ?? ""}`,
    missing: result.ok ? null : (missingTool(output, result.exitCode) ?? result.notStarted),
  };
}

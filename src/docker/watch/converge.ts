import type { Step } from "../../command/step.ts";
import { certainSign, missingInside } from "../../core/cause/machinery-signature.ts";
import type { Docker } from "../docker.ts";
import { ActFailed } from "../failure.ts";
import { createCachedStack } from "./cached-stack.ts";
import { createExitLog, type Exit } from "./container-exits.ts";
import { type Convergence, type ConvergenceRules, judgeConvergence } from "./convergence.ts";
import { lastWords } from "./last-words.ts";
import { timeOf } from "./read-stack.ts";
import { type Look, watch } from "./watch.ts";

/** After these events, Docker may show another state or health of a task. */
const TELLING = /^(start|die|oom|health_status.*)$/;
/** A running service does not end without an event; this is how often to look anyway, in milliseconds. */
const STAYING_BACKSTOP_MS = 1_000;

/**
 * Waits until a stack runs as requested, watching its containers since `since` (`daemonTime` before the deploy). Throws
 * `ActFailed`: `recipe` with the container's own words as soon as it is decided, `timeout` with the last thing waited
 * for, `machinery` if the node or Docker is at fault. `lookBeside` runs with each look; an `ActFailed` that it throws
 * ends the watch.
 */
export async function converge(
  docker: Docker,
  stack: string,
  since: string,
  rules: ConvergenceRules,
  step: Step,
  lookBeside: () => Promise<void> = async () => {},
): Promise<void> {
  try {
    await watchStack(docker, stack, since, rules, step, lookBeside);
  } catch (error) {
    if (error instanceof ActFailed) throw new ActFailed({ ...error.failure, step: "converge" });
    throw error;
  }
  step.say("converged");
}

async function watchStack(
  docker: Docker,
  stack: string,
  since: string,
  rules: ConvergenceRules,
  step: Step,
  lookBeside: () => Promise<void>,
): Promise<void> {
  const log = createExitLog();
  const aheadMs = await clockLead(docker, step);
  const cached = createCachedStack(docker, stack, step);
  const judge = async () => {
    const reading = await cached.read();
    const nowMs = step.clock.now() + aheadMs;
    const verdict = judgeConvergence(reading, log.exits, rules, nowMs);
    return { verdict, nowMs, fromMemory: reading.fromMemory };
  };
  await watch<void>({
    docker,
    since,
    asking: step,
    say: (line) => step.say(line),
    onEvent: (event) => {
      if (event.stack === stack) log.note(event);
      const tells = event.type === "service" || (event.stack === stack && TELLING.test(event.action));
      if (tells) cached.forget();
      return tells;
    },
    look: async () => {
      let seen = await judge();
      // A remembered reading may only prolong the wait, never decide.
      if (seen.fromMemory && seen.verdict.kind !== "waiting") {
        cached.forget();
        seen = await judge();
      }
      if (seen.verdict.kind !== "waiting") cached.forget();
      await lookBeside();
      return toLook(seen.verdict, seen.nowMs, (failure) => explain(docker, failure, log.exits, step));
    },
  });
}

async function toLook(
  verdict: Convergence,
  nowMs: number,
  toError: (failure: Convergence & { kind: "failed" }) => Promise<ActFailed>,
): Promise<Look<void>> {
  if (verdict.kind === "converged") return { done: undefined };
  if (verdict.kind === "failed") return { failed: await toError(verdict) };
  if (verdict.kind === "waiting") return { waitingFor: verdict.what };
  const againInMs = Math.min(STAYING_BACKSTOP_MS, verdict.untilMs - nowMs);
  return { waitingFor: "all run; looking whether they stay", againInMs };
}

/** The failure, with the container's own words: the first and most telling evidence. */
async function explain(
  docker: Docker,
  failure: Convergence & { kind: "failed" },
  exits: readonly Exit[],
  step: Step,
): Promise<ActFailed> {
  // The newest container may have just started; those that ended have said why.
  const ended = exits.filter((exit) => exit.service === failure.service).map((exit) => exit.container);
  const containers = new Set([failure.container, ...ended.reverse()].filter((id) => id !== null));
  for (const container of containers) {
    const words = await lastWords(docker, container, step);
    if (words !== null) return toFailure(failure, words, `${failure.service}: ${failure.message}: ${words}`);
  }
  return toFailure(failure, failure.message, `${failure.service}: ${failure.message}`);
}

/** The decisive message may blame the surroundings: a missing tool or registry. */
function toFailure(failure: Convergence & { kind: "failed" }, decisive: string, message: string): ActFailed {
  const sign = missingInside(decisive) ?? certainSign(decisive, "app");
  if (sign === null) return new ActFailed({ cause: failure.cause, step: "converge", message });
  const what =
    sign.part === "tool" ? `a tool is missing inside the container: ${sign.subject}` : `${sign.part}`;
  return new ActFailed({ cause: "machinery", step: "converge", message: `${what}; ${message}` });
}

/** How far the daemon's clock is ahead of ours, in milliseconds; usually both are on one machine. */
async function clockLead(docker: Docker, step: Step): Promise<number> {
  const before = step.clock.now();
  const [time] = await docker.lines(step, ["info", "--format", "{{.SystemTime}}"]);
  const middle = (before + step.clock.now()) / 2;
  const lead = timeOf(time ?? "") - middle;
  return Math.abs(lead) < 1_000 ? 0 : lead;
}

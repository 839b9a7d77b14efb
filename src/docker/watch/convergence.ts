import { type CrashLoopRule, crashLoopOf, type Exit } from "./container-exits.ts";
import type { ServiceReading, StackReading, TaskReading } from "./read-stack.ts";

/** How long nothing may change before a stack counts as converged, in milliseconds. */
export const STABILITY_WINDOW_MS = 2_000;
/** Rejections in a row for the same reason before a node's answer is final; swarm retries about every 5 s. */
const REJECTIONS = 2;
/** A fault of the node: it still holds a removed network's addresses, which swarm has given to another network. */
const OF_NODE = /^invalid pool request: Pool overlaps/;
/** How long to wait for a suitable node: a removal under way may free a port or memory. */
const UNSUITABLE_FOR_MS = 15_000;
/** The same if no node fits the service's own constraints: nothing will change that. */
const MISPLACED_FOR_MS = 3_000;
/** How long swarm may take to make the next task after one has failed. */
const NEXT_TASK_MS = 2_000;

export interface ConvergenceRules {
  crashLoop: CrashLoopRule;
}

/** What a service is judged by, beside itself and its tasks. */
interface Grounds {
  /** Of all services, or of this one. */
  exits: readonly Exit[];
  rules: ConvergenceRules;
  nowMs: number;
}

export type Convergence =
  | { kind: "converged" }
  /** All conditions hold; the window ends at this time on the daemon's clock. */
  | { kind: "settling"; untilMs: number }
  | { kind: "waiting"; what: string }
  | {
      kind: "failed";
      cause: "recipe" | "machinery";
      message: string;
      service: string;
      container: string | null;
    };

/**
 * Whether a stack runs as requested, judged from what was seen of it. Pure: `nowMs` and all times are the daemon's.
 *
 * Converged means: each service has the requested number of running tasks, each with its current spec; no update or
 * rollback is under way; one-shot services have completed; and nothing changed for a while. A service that has crashed
 * must stay up longer than it ever did before a crash.
 */
export function judgeConvergence(
  reading: StackReading,
  exits: readonly Exit[],
  rules: ConvergenceRules,
  nowMs: number,
): Convergence {
  if (reading.services.length === 0) return { kind: "waiting", what: "no service yet" };
  const grounds = { exits, rules, nowMs };
  const judged = reading.services.map((service) => judgeService(service, reading.tasks, grounds));
  const failed = judged.find((one) => one.kind === "failed");
  if (failed !== undefined) return failed;
  const waiting = judged.flatMap((one) => (one.kind === "waiting" ? [one.what] : []));
  if (waiting.length > 0) return { kind: "waiting", what: waiting.join("; ") };
  const untilMs = Math.max(...judged.map((one) => (one.kind === "settling" ? one.untilMs : 0)));
  return nowMs >= untilMs ? { kind: "converged" } : { kind: "settling", untilMs };
}

type Judgement = Exclude<Convergence, { kind: "converged" }>;

function judgeService(service: ServiceReading, all: readonly TaskReading[], grounds: Grounds): Judgement {
  const tasks = all.filter((task) => task.serviceId === service.id);
  const exits = grounds.exits.filter((exit) => exit.service === service.name && !exit.stopped);
  const own = { ...grounds, exits };
  return (
    judgeCrashes(service, own) ??
    judgeUpdate(service, tasks) ??
    judgeRejections(service, tasks, grounds.nowMs) ??
    judgeSlots(service, tasks, own)
  );
}

function judgeCrashes(service: ServiceReading, { exits, rules }: Grounds): Judgement | null {
  const last = crashLoopOf(exits, service.name, rules.crashLoop);
  if (last === null) return null;
  const why = last.unhealthy ? ", each time found unhealthy" : "";
  const message = `crash loop: exited ${rules.crashLoop.exits} times with code ${last.code}${why}`;
  return failed(service, message, last.container);
}

// A completed rollback leaves everything up, but with the old version: still a failure of the new one.
function judgeUpdate(service: ServiceReading, tasks: readonly TaskReading[]): Judgement | null {
  const state = service.updateState;
  if (state === "updating") return waiting(service, "the update is under way");
  if (state !== "paused" && !state?.startsWith("rollback_")) return null;
  if (state === "paused" && hasDoneItsJob(service, tasks)) return null;
  const culprit = tasks.findLast((task) => task.state === "failed" || task.state === "rejected");
  const why = [service.updateMessage, culprit?.error].filter(Boolean).join(": ");
  return failed(service, `the update is ${state} (${why})`, culprit?.container ?? null);
}

// Swarm pauses the update of a one-shot service if its task ends, even with 0, during the monitoring period.
function hasDoneItsJob(service: ServiceReading, tasks: readonly TaskReading[]): boolean {
  const newest = newestOfEachSlot(tasks.filter((task) => task.spec === service.spec));
  const done = newest.filter((task) => isDone(service, task));
  return done.length > 0 && done.length === newest.length && done.length >= (service.desired ?? 0);
}

function judgeRejections(
  service: ServiceReading,
  tasks: readonly TaskReading[],
  nowMs: number,
): Judgement | null {
  const current = tasks.filter((task) => task.spec === service.spec).sort(byCreation);
  if (current.some(isRunning)) return null;
  const row = current.filter((task) => task.state === "rejected").slice(-REJECTIONS);
  const last = row.at(-1);
  if (last !== undefined && row.length === REJECTIONS && row.every((task) => task.error === last.error)) {
    if (!OF_NODE.test(last.error)) return failed(service, last.error, null);
    const since = current.find((task) => task.error === last.error)?.createdAtMs ?? nowMs;
    if (nowMs - since > 2 * UNSUITABLE_FOR_MS)
      return { ...failed(service, last.error, null), cause: "machinery" };
  }
  return judgePending(service, current, nowMs);
}

function judgePending(
  service: ServiceReading,
  tasks: readonly TaskReading[],
  nowMs: number,
): Judgement | null {
  const pending = tasks.find((task) => task.state === "pending" && task.error !== "");
  if (pending === undefined) return null;
  const isNode = /already in use|insufficient resources/i.test(pending.error);
  const limitMs = isNode ? UNSUITABLE_FOR_MS : MISPLACED_FOR_MS;
  if (nowMs - pending.createdAtMs <= limitMs) return null;
  return { ...failed(service, pending.error, null), cause: isNode ? "machinery" : "recipe" };
}

function judgeSlots(service: ServiceReading, tasks: readonly TaskReading[], own: Grounds): Judgement {
  const old = tasks.find((task) => task.state === "running" && !isCurrent(task, service));
  if (old !== undefined) return waiting(service, "an earlier task still runs");
  // A task that was stopped without a successor belongs to a slot that is no longer wanted.
  const newest = newestOfEachSlot(tasks.filter((task) => task.spec === service.spec)).filter(
    (task) => task.state !== "shutdown" && task.state !== "remove",
  );
  const failure = newest.map((task) => judgeEnd(service, task, own)).find((end) => end !== null);
  if (failure !== undefined) return failure;
  const good = newest.filter((task) => isRunning(task) || isDone(service, task));
  const desired = service.desired ?? newest.length;
  const unfit = newest.find((task) => !good.includes(task));
  if (good.length < desired || unfit !== undefined)
    return waiting(service, describe(good.length, desired, unfit));
  const changed = Math.max(service.changedAtMs, ...good.map((task) => task.changedAtMs));
  return { kind: "settling", untilMs: changed + windowOf(own) };
}

function isCurrent(task: TaskReading, service: ServiceReading): boolean {
  return task.spec === service.spec && task.desired === "running";
}

function isRunning(task: TaskReading): boolean {
  return task.state === "running" && task.desired === "running";
}

function newestOfEachSlot(tasks: readonly TaskReading[]): TaskReading[] {
  const slots = new Map<string, TaskReading>();
  for (const task of [...tasks].sort(byCreation)) slots.set(task.slot, task);
  return [...slots.values()];
}

function byCreation(a: TaskReading, b: TaskReading): number {
  return a.createdAtMs - b.createdAtMs;
}

function isDone(service: ServiceReading, task: TaskReading): boolean {
  return service.restart !== "any" && task.state === "complete";
}

/** The failure shown by the end of a slot's newest task, if no other task will follow. */
function judgeEnd(service: ServiceReading, task: TaskReading, { exits, nowMs }: Grounds): Judgement | null {
  // An unhealthy container that exits with 0 when stopped is `complete`, and is never started again.
  const unhealthy = exits.some((exit) => exit.container === task.container && exit.unhealthy);
  if (isDone(service, task) && unhealthy)
    return failed(service, "became unhealthy and was ended", task.container);
  const isLast = service.restart === "none" || (service.restart === "on-failure" && service.maxAttempts > 0);
  if (task.state !== "failed" || !isLast || nowMs - task.changedAtMs < NEXT_TASK_MS) return null;
  return failed(service, `exited with code ${task.exitCode} and is not started again`, task.container);
}

function windowOf({ exits, rules }: Grounds): number {
  const longestUp = Math.max(0, ...exits.map((exit) => exit.upMs));
  return Math.min(longestUp, rules.crashLoop.longestUpMs) + STABILITY_WINDOW_MS;
}

function describe(good: number, desired: number, unfit: TaskReading | undefined): string {
  const error = unfit === undefined || unfit.error === "" ? "" : `: ${unfit.error}`;
  return `${good}/${desired}${unfit === undefined ? "" : `, ${unfit.state}${error}`}`;
}

function waiting(service: ServiceReading, what: string): Judgement {
  return { kind: "waiting", what: `${service.name} ${what}` };
}

function failed(
  service: ServiceReading,
  message: string,
  container: string | null,
): Judgement & { kind: "failed" } {
  return { kind: "failed", cause: "recipe", message, service: service.name, container };
}

import { describe, expect, it } from "vitest";
import { crashLoopOf, createExitLog, type Exit } from "../../src/docker/watch/container-exits.ts";
import { judgeConvergence, STABILITY_WINDOW_MS } from "../../src/docker/watch/convergence.ts";
import type { DockerEvent } from "../../src/docker/watch/events.ts";
import type { ServiceSight, TaskSight } from "../../src/docker/watch/read-stack.ts";

const RULES = { crashLoop: { exits: 5, longestUpMs: 30_000 } };
const NOW = 1_000_000;

function service(over: Partial<ServiceSight> = {}): ServiceSight {
  return {
    id: "s1",
    name: "stack_app",
    labels: {},
    desired: 1,
    restart: "any",
    maxAttempts: 0,
    image: "app:2",
    spec: "new",
    updateState: null,
    updateMessage: "",
    changedAtMs: 0,
    ...over,
  };
}

function task(over: Partial<TaskSight> = {}): TaskSight {
  return {
    id: "t1",
    serviceId: "s1",
    slot: "1",
    state: "running",
    desired: "running",
    error: "",
    exitCode: null,
    container: "c1",
    image: "app:2",
    spec: "new",
    createdAtMs: 0,
    changedAtMs: 0,
    ...over,
  };
}

function exit(over: Partial<Exit> = {}): Exit {
  return {
    service: "stack_app",
    container: "c0",
    code: 1,
    upMs: 100,
    atMs: 0,
    unhealthy: false,
    stopped: false,
    ...over,
  };
}

const FAILED = { state: "failed", desired: "shutdown", exitCode: 3 } as const;

describe("the judgement of a stack's convergence", () => {
  it.each<[string, Partial<ServiceSight>, TaskSight[], string]>([
    ["a running task is converged", {}, [task()], "converged"],
    ["a task that is not running is waited for", {}, [task({ state: "preparing" })], "waiting"],
    ["no task yet is waited for", {}, [], "waiting"],
    ["a task of the old version is not enough", {}, [task({ spec: "old" })], "waiting"],
    [
      "an old task that still runs beside the new one is waited for",
      {},
      [task(), task({ id: "t0", spec: "old", desired: "shutdown" })],
      "waiting",
    ],
    ["an update under way is waited for", { updateState: "updating" }, [task()], "waiting"],
    ["an update that completed is converged", { updateState: "completed" }, [task()], "converged"],
    ["a paused update has failed", { updateState: "paused" }, [task()], "failed"],
    [
      "an update paused since its one-shot had ended with 0 is converged",
      { updateState: "paused", restart: "on-failure" },
      [task({ state: "complete", desired: "shutdown", exitCode: 0 })],
      "converged",
    ],
    [
      "an update paused before the second replica of a one-shot has failed",
      { updateState: "paused", restart: "on-failure", desired: 2 },
      [task({ state: "complete", desired: "shutdown", exitCode: 0 })],
      "failed",
    ],
    [
      "an update paused since its one-shot failed has failed",
      { updateState: "paused", restart: "on-failure" },
      [task(FAILED)],
      "failed",
    ],
    ["a rollback that completed has failed", { updateState: "rollback_completed" }, [task()], "failed"],
    ["a rollback that began has failed", { updateState: "rollback_started" }, [task()], "failed"],
    ["one of two replicas is waited for", { desired: 2 }, [task()], "waiting"],
    ["scaled to nothing is converged", { desired: 0 }, [], "converged"],
    [
      "a slot that is no longer wanted does not count",
      {},
      [task(), task({ id: "t2", slot: "2", state: "shutdown", desired: "shutdown" })],
      "converged",
    ],
    ["a global service without a node that fits is converged", { desired: null }, [], "converged"],
    [
      "a one-shot that completed is converged",
      { restart: "none" },
      [task({ state: "complete", desired: "shutdown", exitCode: 0 })],
      "converged",
    ],
    [
      "what completes and starts again is no one-shot",
      { restart: "any" },
      [task({ state: "complete", desired: "shutdown" })],
      "waiting",
    ],
    ["a one-shot that failed has failed", { restart: "none" }, [task(FAILED)], "failed"],
    [
      "a failed task that is started again is waited for",
      { restart: "on-failure" },
      [task(FAILED)],
      "waiting",
    ],
    [
      "the last of the allowed attempts has failed",
      { restart: "on-failure", maxAttempts: 2 },
      [task(FAILED)],
      "failed",
    ],
    [
      "a rejected task gets a second chance",
      {},
      [task({ state: "rejected", error: "No such image" })],
      "waiting",
    ],
    [
      "a task rejected twice for one reason has failed",
      {},
      [
        task({ state: "rejected", error: "No such image" }),
        task({ id: "t2", state: "rejected", error: "No such image", createdAtMs: 5 }),
      ],
      "failed",
    ],
    [
      "rejections before one that runs are forgotten",
      {},
      [
        task({ state: "rejected", error: "x" }),
        task({ id: "t2", state: "rejected", error: "x", createdAtMs: 5 }),
        task({ id: "t3", createdAtMs: 9 }),
      ],
      "converged",
    ],
    [
      "no suitable node may yet become one",
      {},
      [task({ state: "pending", error: "no suitable node", createdAtMs: NOW - 1_000 })],
      "waiting",
    ],
    [
      "no suitable node for long has failed",
      {},
      [task({ state: "pending", error: "no suitable node" })],
      "failed",
    ],
  ])("%s", (_name, over, tasks, kind) => {
    expect(judgeConvergence({ services: [service(over)], tasks }, [], RULES, NOW).kind).toBe(kind);
  });

  it("waits until the stack has stayed as it is for the whole window", () => {
    const sight = { services: [service()], tasks: [task({ changedAtMs: NOW - 500 })] };
    const untilMs = NOW - 500 + STABILITY_WINDOW_MS;
    expect(judgeConvergence(sight, [], RULES, NOW)).toEqual({ kind: "settling", untilMs });
    expect(judgeConvergence(sight, [], RULES, untilMs)).toEqual({ kind: "converged" });
  });

  it("wants a crashed service to stay up longer than it ever did before a crash", () => {
    const sight = { services: [service()], tasks: [task({ changedAtMs: NOW - 5_000 })] };
    const crashed = [exit({ upMs: 4_000 })];
    expect(judgeConvergence(sight, crashed, RULES, NOW)).toEqual({ kind: "settling", untilMs: NOW + 1_000 });
  });

  it("waits while one of the services is not converged", () => {
    const services = [service(), service({ id: "s2", name: "stack_db" })];
    expect(judgeConvergence({ services, tasks: [task()] }, [], RULES, NOW)).toEqual({
      kind: "waiting",
      what: "stack_db 0/1",
    });
  });

  it("takes a port that something else holds for the machinery's fault", () => {
    const error = "no suitable node (host-mode port already in use on 1 node)";
    const sight = { services: [service()], tasks: [task({ state: "pending", error })] };
    expect(judgeConvergence(sight, [], RULES, NOW)).toMatchObject({ kind: "failed", cause: "machinery" });
  });

  it("does not take an unhealthy container that exited with 0 for a completed one-shot", () => {
    const sight = {
      services: [service({ restart: "on-failure" })],
      tasks: [task({ state: "complete", desired: "shutdown", exitCode: 0 })],
    };
    const ended = [exit({ container: "c1", code: 0, unhealthy: true })];
    expect(judgeConvergence(sight, ended, RULES, NOW).kind).toBe("failed");
  });
});

describe("the search for a crash loop", () => {
  const five = (over: Partial<Exit> = {}) => Array.from({ length: 5 }, () => exit(over));
  it.each<[string, Exit[], boolean]>([
    ["five exits with one code are a loop", five(), true],
    ["five with code 0 are one too", five({ code: 0 }), true],
    ["four are none", five().slice(1), false],
    ["different codes are none", [...five().slice(1), exit({ code: 2 })], false],
    ["one that was up for long ends the row", [...five().slice(1), exit({ upMs: 30_000 })], false],
    ["five after that are a loop again", [exit({ upMs: 60_000 }), ...five()], true],
    ["containers that were told to stop do not count", five({ stopped: true }), false],
    ["other services do not count", five({ service: "stack_db" }), false],
  ])("%s", (_name, exits, isLoop) => {
    expect(crashLoopOf(exits, "stack_app", RULES.crashLoop) !== null).toBe(isLoop);
  });
});

describe("the log of exits", () => {
  const event = (action: string, atMs: number, over: Partial<DockerEvent> = {}): DockerEvent => ({
    type: "container",
    action,
    id: "c1",
    stack: "stack",
    service: "stack_app",
    exitCode: action === "die" ? 137 : null,
    atMs,
    ...over,
  });
  const exitsOf = (...events: DockerEvent[]) => {
    const log = createExitLog();
    for (const one of events) log.note(one);
    return log.exits;
  };

  it("tells how long a container was up and with which code it ended", () => {
    expect(exitsOf(event("start", 1_000), event("die", 4_000))).toMatchObject([
      { code: 137, upMs: 3_000, stopped: false },
    ]);
  });

  it("tells a container that was told to stop from an unhealthy one", () => {
    expect(exitsOf(event("start", 0), event("kill", 5), event("die", 9))).toMatchObject([{ stopped: true }]);
    const ended = exitsOf(
      event("start", 0),
      event("health_status: unhealthy", 3),
      event("kill", 5),
      event("die", 9),
    );
    expect(ended).toMatchObject([{ stopped: false, unhealthy: true }]);
  });

  it("knows nothing of containers that started before the watch", () => {
    expect(exitsOf(event("die", 9))).toEqual([]);
  });
});

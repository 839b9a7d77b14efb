import { expect, it } from "vitest";
import { STABILITY_WINDOW_MS } from "../../src/docker/watch/convergence.ts";
import { composeOf, WAITS } from "../support/compose.ts";
import { busyboxImage } from "../support/images.ts";
import { bad, good } from "../support/outcome.ts";
import { answeringRegistry } from "../support/registry.ts";
import { describeOnSwarm, docker, swarmBench } from "../support/swarm.ts";

const AGAIN_AT_ONCE = "restart_policy:\n  delay: 200ms";

describeOnSwarm("an app counts as converged", () => {
  it("once its one-shot service has completed, without the service that is scaled to nothing", async () => {
    const { driver, app, release, step } = swarmBench();
    const source = release("1.0.0+1", {
      "compose.yml": composeOf({
        app: { script: WAITS },
        migrate: { script: "sleep 1; echo migrated", deploy: "restart_policy:\n  condition: on-failure" },
        worker: { script: WAITS, deploy: "replicas: 0" },
      }),
    });
    good(await driver.deploy(app, source, null, step().step));
  });

  it("although it failed three times while it waited for its database", async () => {
    const { driver, app, release, step } = swarmBench();
    const script = `n=$(cat /data/n || echo 0); echo $((n + 1)) > /data/n; [ $n -ge 3 ] || exit 1; ${WAITS}`;
    const source = release("1.0.0+1", {
      "compose.yml": composeOf(
        { app: { script, more: "volumes: ['data:/data']", deploy: AGAIN_AT_ONCE } },
        "volumes: { data: {} }\n",
      ),
    });
    good(await driver.deploy(app, source, null, step().step));
  });

  it("only when its health check has succeeded, and as soon as the window after that has passed", async () => {
    const { driver, app, release, step } = swarmBench();
    const health =
      'healthcheck:\n  test: ["CMD", "test", "-e", "/tmp/ready"]\n  interval: 500ms\n  retries: 60';
    const source = release("1.0.0+1", {
      "compose.yml": composeOf({ app: { script: `(sleep 4; touch /tmp/ready) & ${WAITS}`, more: health } }),
    });
    const startedMs = Date.now();
    good(await driver.deploy(app, source, null, step().step));
    const endedMs = Date.now();
    expect(endedMs - startedMs).toBeGreaterThan(4_000 + STABILITY_WINDOW_MS);
    const [task = ""] = docker("stack", "ps", "--quiet", "--no-trunc", app.stack).split("\n");
    const heldMs = Date.parse(
      docker("inspect", "--type", "task", "--format", "{{json .Status.Timestamp}}", task).slice(1, -1),
    );
    // 300 ms on a machine that does nothing else; other tests run beside this one.
    expect(endedMs - heldMs - STABILITY_WINDOW_MS).toBeLessThan(1_000);
  });
});

describeOnSwarm("an app that does not come up on a swarm", () => {
  it("jwt-read-only: a crash loop ends the wait in seconds, with the container's own error line", async () => {
    const { driver, app, release, step } = swarmBench();
    const script =
      "echo starting; echo '{\"secret\":1}' > /etc/app.ini || echo 'FATAL could not write app.ini' >&2; exit 3";
    const source = release("1.0.0+1", {
      "compose.yml": composeOf(
        {
          app: {
            script,
            more: "configs: [{ source: conf, target: /etc/app.ini }]\nread_only: true",
            deploy: AGAIN_AT_ONCE,
          },
        },
        "configs:\n  conf:\n    file: conf\n",
      ),
      conf: "x\n",
    });
    const failure = bad(await driver.deploy(app, source, null, step().step));
    const verdictMs = Date.now();
    expect(failure).toMatchObject({ cause: "recipe", step: "converge" });
    expect(failure.message).toMatch(
      /app: crash loop: exited 5 times with code 3: FATAL could not write app\.ini$/,
    );
    const decidingMs = lastEnd(app.stack, verdictMs);
    expect(verdictMs - decidingMs).toBeLessThan(2_000);
  });

  it("is not healthy because its container exits with 0 when it is ended for being unhealthy", async () => {
    const { driver, app, release, step } = swarmBench();
    const health = 'healthcheck:\n  test: ["CMD", "false"]\n  interval: 500ms\n  retries: 2';
    const deploy = "restart_policy:\n  condition: on-failure";
    const source = release("1.0.0+1", {
      "compose.yml": composeOf({ app: { script: WAITS, more: health, deploy } }),
    });
    const failure = bad(await driver.deploy(app, source, null, step().step));
    expect(failure).toMatchObject({ cause: "recipe", message: expect.stringContaining("became unhealthy") });
  });

  it("promote-timeout: ends at its limit, and names the limit and the last thing seen", async () => {
    const { driver, app, release, step } = swarmBench();
    const health = 'healthcheck:\n  test: ["CMD", "false"]\n  interval: 1s\n  retries: 600';
    const source = release("1.0.0+1", { "compose.yml": composeOf({ app: { script: WAITS, more: health } }) });
    const startedMs = Date.now();
    const failure = bad(await driver.deploy(app, source, null, step(6_000).step));
    expect(failure).toMatchObject({
      cause: "timeout",
      step: "converge",
      limitMs: 6_000,
      lastSeen: expect.stringMatching(/_app 0\/1, starting/),
    });
    expect(failure.message).toContain("timeouts.deploy");
    expect(Date.now() - startedMs).toBeLessThan(7_500);
  });

  it("ends at once when the operator stops it", async () => {
    const { driver, app, release, step } = swarmBench();
    const health = 'healthcheck:\n  test: ["CMD", "false"]\n  interval: 1s\n  retries: 600';
    const source = release("1.0.0+1", { "compose.yml": composeOf({ app: { script: WAITS, more: health } }) });
    const recorded = step();
    const outcome = driver.deploy(app, source, null, {
      ...recorded.step,
      say: (line) => {
        if (line.includes("0/1, starting")) recorded.stop.abort("SIGTERM");
      },
    });
    expect(bad(await outcome)).toMatchObject({ cause: "interrupted" });
  });

  it("fails in the node's own words where a folder of the host is missing", async () => {
    const { driver, app, release, step } = swarmBench();
    const more = "volumes: ['/nonexistent-for-the-test:/x']";
    const source = release("1.0.0+1", { "compose.yml": composeOf({ app: { script: WAITS, more } }) });
    const failure = bad(await driver.deploy(app, source, null, step().step));
    expect(failure).toMatchObject({
      cause: "recipe",
      message: expect.stringContaining("bind source path does not exist"),
    });
  });

  it("fails where no node fits its constraints", async () => {
    const { driver, app, release, step } = swarmBench();
    const deploy = "placement:\n  constraints: ['node.labels.no == such']";
    const source = release("1.0.0+1", { "compose.yml": composeOf({ app: { script: WAITS, deploy } }) });
    const failure = bad(await driver.deploy(app, source, null, step().step));
    expect(failure).toMatchObject({ cause: "recipe", message: expect.stringContaining("no suitable node") });
  });
});

/** When the last container of a stack ended before a time, as the daemon noted it. */
function lastEnd(stack: string, beforeMs: number): number {
  const ids = docker("ps", "-aq", "--filter", `label=com.docker.stack.namespace=${stack}`).split("\n");
  const ends = docker("inspect", "--format", "{{.State.FinishedAt}}", ...ids).split("\n");
  return Math.max(...ends.map((end) => Date.parse(end)).filter((atMs) => atMs <= beforeMs));
}

describeOnSwarm("an image that cannot be pulled", () => {
  it.each([
    [404, "recipe", "manifest unknown"],
    [429, "machinery", "toomanyrequests"],
    [503, "machinery", "unavailable"],
  ] as const)("counts, where its registry answers %i, as the fault of: %s", async (status, cause, words) => {
    const { driver, app, release, step } = swarmBench();
    const image = `${await answeringRegistry(status)}/gone:1`;
    const source = release("1.0.0+1", { "compose.yml": composeOf({ app: { script: WAITS, image } }) });
    const failure = bad(await driver.deploy(app, source, null, step().step));
    expect(failure.message).toContain(`No such image: ${image}`);
    expect(failure.message.toLowerCase()).toContain(words);
    expect(failure.cause).toBe(cause);
  });

  it("is the fault of the machinery where no registry answers", async () => {
    const { driver, app, release, step } = swarmBench();
    const source = release("1.0.0+1", {
      "compose.yml": composeOf({ app: { script: WAITS, image: "localhost:9/gone:1" } }),
    });
    expect(bad(await driver.deploy(app, source, null, step().step)).cause).toBe("machinery");
  });
});

describeOnSwarm("an upgrade", () => {
  it("is a failure where the swarm rolls it back, although everything is up", async () => {
    const { driver, app, release, step } = swarmBench();
    const deploy = "update_config:\n  failure_action: rollback\n  monitor: 2s";
    const older = release("1.0.0+1", { "compose.yml": composeOf({ app: { script: WAITS, deploy } }) });
    const script = "echo 'error: schema is too new'; exit 4";
    const newer = release("2.0.0+2", {
      "compose.yml": composeOf({ app: { script, image: busyboxImage("2"), deploy } }),
    });
    good(await driver.deploy(app, older, null, step().step));
    const failure = bad(await driver.deploy(app, newer, older, step().step));
    expect(failure).toMatchObject({ cause: "recipe", step: "converge" });
    expect(failure.message).toContain("error: schema is too new");
  });

  it("counts only when the new task runs: the old one that still does is not taken for it", async () => {
    const { driver, app, release, step } = swarmBench();
    const compose = (value: string) =>
      composeOf({ app: { script: WAITS, more: `environment:\n  VALUE: "${value}"` } });
    const older = release("1.0.0+1", { "compose.yml": compose("old") });
    const newer = release("1.0.1+1", { "compose.yml": compose("new") });
    good(await driver.deploy(app, older, null, step().step));
    good(await driver.deploy(app, newer, older, step().step));
    expect(good(await driver.running(app, newer, step().step)).version).toBe("1.0.1+1");
  });
});

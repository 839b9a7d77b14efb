import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { composeOf, WAITS } from "../../support/compose.ts";
import { bad, good } from "../../support/outcome.ts";
import { describeOnSwarm, docker, leftOf, swarmBench } from "../../support/swarm.ts";
import { report } from "../fault.ts";
import { bytesOf, exists, type Operator, startOperator } from "./operator.ts";
import { deployWarm } from "./warm-app.ts";

const NAMESPACE = "com.docker.stack.namespace";
const KEEPS = { script: WAITS, more: "volumes: ['data:/data']\nstop_grace_period: 1s" };
const LIMIT_MS = 180_000;

let operator: Operator;

/** The witness is compared with all else of the operator's, after every fault. */
function foreign(name: string, outcome: string, lost: string[] = []) {
  return { kind: "foreign object", name, outcome, lost, touched: operator.touched() } as const;
}

describeOnSwarm("the swarm driver beside things of others", () => {
  beforeAll(async () => {
    operator = await startOperator();
  }, LIMIT_MS);
  afterAll(() => operator?.close(), LIMIT_MS);

  const OWN_NAMES = [
    ["volume", "volumes:\n  own:\n    name: NAME\n", "volumes: ['own:/own']"],
    [
      "config",
      "configs:\n  own:\n    name: NAME\n    file: conf\n",
      "configs: [{source: own, target: /own}]",
    ],
    ["secret", "secrets:\n  own:\n    name: NAME\n    file: conf\n", "secrets: [own]"],
    ["network", "networks:\n  own:\n    name: NAME\n", "networks: [own]"],
  ] as const;
  for (const [kind, section, more] of OWN_NAMES)
    it(`neither uses nor labels a ${kind} of the operator's whose name a recipe gives to its own`, async (context) => {
      const { driver, app, release, step } = swarmBench();
      const name = `${operator.word}-${kind}`;
      // The same content: Docker would only put our labels on it, by which it would be removed.
      if (kind === "config") operator.config(name, {}, "conf");
      else operator[kind](name);
      const compose = composeOf({ app: { script: WAITS, more } }, section.replace("NAME", name));
      const source = release("1.0.0+1", { "compose.yml": compose, conf: "conf" });
      const failure = bad(await driver.deploy(app, source, null, step().step));
      expect(failure).toMatchObject({
        cause: "refused",
        message: `${kind} ${name} already exists and was not made by this program: it is left alone`,
      });
      good(await driver.remove(app, step().step));
      expect(leftOf(app.stack)).toEqual([]);
      report(
        context,
        foreign(`a recipe names its ${kind} as the operator's is named`, "refused before the deploy"),
      );
    });

  it("keeps a volume with a fixed name to the canonical: a cold test of the same recipe is refused", async (context) => {
    const warm = swarmBench({ instance: "warm" });
    const cold = swarmBench({ owner: warm.app.owner });
    const name = `${operator.word}-fixed`;
    const compose = composeOf({ app: KEEPS }, `volumes:\n  data:\n    name: ${name}\n`);
    const files = { "compose.yml": compose };
    good(await warm.driver.deploy(warm.app, warm.release("1.0.0+1", files), null, warm.step().step));
    const before = bytesOf(name);
    const failure = bad(
      await cold.driver.deploy(cold.app, cold.release("1.1.0+1", files), null, cold.step().step),
    );
    expect(failure).toMatchObject({ cause: "refused", message: expect.stringContaining(warm.app.stack) });
    good(await cold.driver.remove(cold.app, cold.step().step));
    const lost = bytesOf(name) === before ? [] : [name];
    report(
      context,
      foreign("a cold test beside a canonical whose volume has a fixed name", "refused, same data", lost),
    );
    good(await warm.driver.remove(warm.app, warm.step().step));
    expect(exists("volume", name)).toBe(false);
  });

  it("mounts an external volume, and neither backs it up, restores it nor removes it", async (context) => {
    const { driver, app, folder, release, step } = swarmBench();
    const volume = operator.volume(`${operator.word}-external`);
    const secret = operator.secret(`${operator.word}-external`);
    const more = `volumes: ['data:/data', 'theirs:/theirs:ro']\nsecrets: [theirs]\nstop_grace_period: 1s`;
    const sections = (name: string, kind: string) =>
      `${kind}:\n${kind === "volumes" ? "  data: {}\n" : ""}  theirs:\n    external: true\n    name: ${name}\n`;
    const deploy = "labels:\n  backupbot.backup: 'true'";
    const compose = composeOf(
      { app: { script: WAITS, more, deploy } },
      sections(volume, "volumes") + sections(secret, "secrets"),
    );
    const source = release("1.0.0+1", { "compose.yml": compose });
    good(await driver.deploy(app, source, null, step().step));
    docker("exec", containerIn(app.stack), "sh", "-c", "echo mine >/data/word");
    const backup = step();
    const theirs = resticRepository(join(folder, "theirs"));
    const { id, files } = good(await driver.backup(app, source, folder, backup.step));
    expect(files).toBe(1);
    expect(backup.warnings).toContain(`volume ${volume} is not ours: neither backed up nor restored`);
    good(await driver.restore(app, source, folder, id, step().step));
    good(await driver.remove(app, step().step));
    expect(leftOf(app.stack)).toEqual([]);
    expect(good(await driver.inventory(app, source, step().step))).toEqual({ ours: [], foreign: [] });
    expect(theirs.snapshots()).toEqual(theirs.before);
    report(
      context,
      foreign(
        "external volume and secret, mounted by a test with backup and restore",
        "mounted, and left out of all else",
      ),
    );
  });

  it("removes its own out of a stack, and leaves what others have put into it", async (context) => {
    const { driver, app, source, stack, step, volume } = await deployWarm();
    const labels = { [NAMESPACE]: stack };
    await operator.service(`${stack}_sidecar`, labels);
    operator.secret(`${stack}_theirs`, labels);
    operator.config(`${stack}_theirs`, labels);
    operator.network(`${stack}_theirs`, labels);
    const sidecar = ["config", "network", "secret", "service"].map(
      (kind) => `${kind} ${stack}_${kind === "service" ? "sidecar" : "theirs"}`,
    );
    const inventory = good(await driver.inventory(app, source, step().step));
    expect(inventory.foreign.filter((line) => !line.startsWith("container"))).toEqual(sidecar);
    expect(bad(await driver.deploy(app, source, null, step().step)).cause).toBe("refused");
    const undeploy = step();
    good(await driver.undeploy(app, source, undeploy.step));
    expect(undeploy.warnings.join()).toContain(`service ${stack}_sidecar`);
    report(
      context,
      foreign(
        "a service, secret, config and network put into our stack by hand, at undeploy",
        "ours gone, theirs kept",
      ),
    );
    expect(bad(await driver.undeploy(app, source, step().step)).cause).toBe("refused");
    good(await driver.remove(app, step().step));
    expect(exists("volume", volume)).toBe(false);
    report(context, foreign("the same, at the removal of all", "ours gone, theirs kept"));
  });

  it("keeps to its own stack between others whose names begin like its own", async (context) => {
    const { driver, app, release, step } = swarmBench();
    const parent = app.stack.slice(0, app.stack.lastIndexOf("_"));
    const child = app.stack.slice(parent.length + 1);
    const names = [`${app.stack}_more_app`, `${app.stack}more_app`, `${parent}_${child}`];
    for (const [index, stack] of [`${app.stack}_more`, `${app.stack}more`, parent].entries()) {
      const labels = { [NAMESPACE]: stack };
      operator.volume(`${stack}_data`, labels);
      operator.secret(`${stack}_pass`, labels);
      await operator.service(names[index] ?? "", labels);
    }
    const source = release("1.0.0+1", { "compose.yml": composeOf({ app: KEEPS }, "volumes:\n  data: {}\n") });
    good(await driver.deploy(app, source, null, step().step));
    expect(good(await driver.inventory(app, source, step().step)).foreign).toEqual([]);
    good(await driver.undeploy(app, source, step().step));
    good(await driver.remove(app, step().step));
    report(
      context,
      foreign(
        "stacks of the operator's named like ours and more, or as ours begins",
        "one stack made and removed",
      ),
    );
  });

  it("leaves a service that comes into the stack while it is being removed", async (context) => {
    const bench = swarmBench();
    const { driver, app, release, step } = bench;
    const slow = { script: "trap '' TERM; while :; do sleep 0.2; done", more: "stop_grace_period: 4s" };
    const source = release("1.0.0+1", { "compose.yml": composeOf({ app: slow }) });
    good(await driver.deploy(app, source, null, step().step));
    const undeployed = driver.undeploy(app, source, step().step);
    await expect
      .poll(() => exists("service", `${app.stack}_app`), { timeout: 30_000, interval: 20 })
      .toBe(false);
    await operator.service(`${app.stack}_app`, { [NAMESPACE]: app.stack });
    good(await undeployed);
    report(
      context,
      foreign("somebody deploys at the stack's name while it is being removed", "ours gone, theirs kept"),
    );
  });
});

/** A restic repository of the operator's, which the environment names as they do in their shell. */
function resticRepository(repository: string) {
  process.env.RESTIC_REPOSITORY = repository;
  process.env.RESTIC_PASSWORD = "theirs";
  onTestFinished(() => {
    delete process.env.RESTIC_REPOSITORY;
    delete process.env.RESTIC_PASSWORD;
  });
  const restic = (...args: string[]) => execFileSync("restic", ["--no-cache", ...args], { encoding: "utf8" });
  restic("init");
  restic("backup", import.meta.filename);
  const snapshots = () => (JSON.parse(restic("snapshots", "--json")) as { id: string }[]).map(({ id }) => id);
  return { snapshots, before: snapshots() };
}

function containerIn(stack: string): string {
  return docker("ps", "--quiet", "--filter", `label=${NAMESPACE}=${stack}`);
}

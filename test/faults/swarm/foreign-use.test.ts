import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SYSTEM_PATH } from "../../../src/command/search-path.ts";
import { createToolbox } from "../../../src/command/toolbox.ts";
import { createSwarmDriver } from "../../../src/driver/swarm/swarm-driver.ts";
import { composeOf, WAITS } from "../../support/compose.ts";
import { registryMissing, startRegistry } from "../../support/docker-registry.ts";
import { busyboxImage, DOCKER, helperImage, imageExists } from "../../support/images.ts";
import { bad, good } from "../../support/outcome.ts";
import { describeOnSwarm, docker, leftOf, swarmBench } from "../../support/swarm.ts";
import { report } from "../fault.ts";
import { bytesOf, type Operator, startOperator } from "./operator.ts";
import { deployWarm } from "./warm-app.ts";

const NAMESPACE = "com.docker.stack.namespace";
const LIMIT_MS = 180_000;
const noRegistry = registryMissing();

let operator: Operator;

function foreign(name: string, outcome: string, lost: string[] = []) {
  return { kind: "foreign object", name, outcome, lost, touched: operator.touched() } as const;
}

describeOnSwarm("the swarm driver, where others use our things or replace them", () => {
  beforeAll(async () => {
    operator = await startOperator();
  }, LIMIT_MS);
  afterAll(() => operator?.close(), LIMIT_MS);

  it("removes nothing under a container of the operator's that mounts the data", async (context) => {
    const { driver, app, folder, stack, source, step, volume } = await deployWarm();
    const mount = ["--mount", `type=volume,source=${volume},target=/v`];
    const container = operator.container(`${operator.word}-reader`, ...mount);
    good(await driver.undeploy(app, source, step().step));
    const [before, left] = [bytesOf(volume), leftOf(stack)];
    const refused = { cause: "refused", message: expect.stringContaining(container) };
    expect(bad(await driver.snapshot(app, join(folder, "snapshot"), step().step))).toMatchObject(refused);
    expect(bad(await driver.remove(app, step().step))).toMatchObject(refused);
    expect(leftOf(stack)).toEqual(left);
    const lost = bytesOf(volume) === before ? [] : [volume];
    report(
      context,
      foreign(
        "a container of the operator's mounts the idle data: snapshot, removal",
        "refused, all kept",
        lost,
      ),
    );
    const leftovers = step();
    good(await driver.removeLeftovers(app.lane, app.owner, [], leftovers.step));
    expect(leftOf(stack)).toEqual(left);
    await operator.remove("container", container);
    good(await driver.remove(app, step().step));
    expect(leftOf(stack)).toEqual([]);
  });

  it("goes on with the lane where the leftovers of a cold app are in use, and names those that stay", async (context) => {
    const { driver, app, stack, step, volume } = await deployWarm(swarmBench());
    const mount = ["--mount", `type=volume,source=${volume},target=/v`];
    const container = operator.container(`${operator.word}-cold-reader`, ...mount);
    const leftovers = step();
    expect(good(await driver.removeLeftovers(app.lane, app.owner, [], leftovers.step))).toEqual([]);
    expect(leftovers.warnings).toEqual([
      expect.stringContaining(`volume ${volume} stays: container ${container}`),
    ]);
    report(
      context,
      foreign(
        "a container of the operator's mounts the volume of a dead run's cold app",
        "the app ended, the volume kept and named",
      ),
    );
    await operator.remove("container", container);
    good(await driver.removeLeftovers(app.lane, app.owner, [], step().step));
    expect(leftOf(stack)).toEqual([]);
  });

  it("leaves a network that a service of the operator's is on, and does not wait for ever", async (context) => {
    const { driver, app, source, stack, step } = await deployWarm();
    const service = await operator.service(`${operator.word}-guest`, {}, "--network", `${stack}_internal`);
    const failure = bad(await driver.undeploy(app, source, step().step));
    expect(failure).toMatchObject({
      cause: "refused",
      message: expect.stringMatching(/network of .* in use/),
    });
    expect(leftOf(stack).filter((line) => /^(service|container)/.test(line))).toEqual([]);
    report(
      context,
      foreign(
        "a service of the operator's is on our stack's network",
        "the stack ended, the network kept and named",
      ),
    );
    await operator.remove("service", service);
    good(await driver.undeploy(app, source, step().step));
  });

  it("puts no snapshot into a volume that somebody else has made in the place of ours", async (context) => {
    const { driver, app, folder, source, step, volume } = await deployWarm();
    const snapshot = join(folder, "snapshot");
    good(await driver.undeploy(app, source, step().step));
    good(await driver.snapshot(app, snapshot, step().step));
    docker("volume", "rm", volume);
    operator.volume(volume);
    const failure = bad(await driver.restoreSnapshot(app, snapshot, step().step));
    expect(failure).toMatchObject({ cause: "refused", message: expect.stringContaining(`volume ${volume}`) });
    good(await driver.remove(app, step().step));
    report(
      context,
      foreign(
        "a volume of ours is gone, and one of the operator's has its name, at a rollback",
        "refused, not a byte written",
      ),
    );
    await operator.remove("volume", volume);
  });

  it("removes nothing that was put in the place of ours between the look and the removal", async (context) => {
    const bench = await deployWarm();
    const { app, source, stack, step, volume, secret } = bench;
    good(await bench.driver.undeploy(app, source, step().step));
    // The look for those who mount the volume comes after the listing, and before the removal.
    const script = `case "$*" in *"filter volume=${volume}"*)
      real volume rm ${volume}; real volume create ${volume}
      real secret rm ${secret}; echo theirs | real secret create ${secret} - ;; esac`;
    const driver = driverWith(bench.folder, script);
    const failure = bad(await driver.remove(app, step().step));
    expect(failure).toMatchObject({
      cause: "refused",
      message: `volume ${volume} is not ours: it is left alone`,
    });
    for (const [kind, name] of [
      ["volume", volume],
      ["secret", secret],
    ] as const) {
      expect(docker(kind, "ls", "--format", "{{.Name}}").split("\n")).toContain(name);
      operator.watch(kind, name);
    }
    good(await bench.driver.remove(app, step().step));
    report(
      context,
      foreign("a volume and a secret swapped for the operator's between look and removal", "left alone"),
    );
    expect(leftOf(stack)).toEqual([`volume ${volume}`, `secret ${secret}`]);
  });

  it("removes no service that was put in the place of ours at the very moment of the removal", async (context) => {
    const bench = await deployWarm(swarmBench());
    const { app, source, stack, step } = bench;
    const name = `${stack}_app`;
    const create = `service create --detach --name ${name} --label ${NAMESPACE}=${stack} --endpoint-mode dnsrr ${busyboxImage()}`;
    const driver = driverWith(
      bench.folder,
      `case "$1 $2" in "service rm") real service rm ${name}; real ${create} sh -c "${WAITS}" ;; esac`,
    );
    good(await driver.undeploy(app, source, step().step));
    expect(docker("service", "ls", "--format", "{{.Name}}").split("\n")).toContain(name);
    operator.watch("service", name);
    good(await bench.driver.remove(app, step().step));
    report(
      context,
      foreign("a service swapped for the operator's at the moment of its removal", "left alone"),
    );
  });

  it.skipIf(noRegistry !== null)(
    `keeps a pulled image that the operator uses, or has given its name to another${noRegistry === null ? "" : ` (skipped: ${noRegistry})`}`,
    async (context) => {
      const registry = await startRegistry();
      const images = ["wanted", "renamed", "ours"].map((name) => `${registry}/${name}:1`);
      for (const image of images) publish(image);
      const [wanted = "", renamed = ""] = images;
      const { driver, app, release, step } = swarmBench();
      const services = Object.fromEntries(
        images.map((image, index) => [`s${index}`, { script: WAITS, image }]),
      );
      const source = release("1.0.0+1", { "compose.yml": composeOf(services) });
      good(await driver.deploy(app, source, null, step().step));
      // No container has it: Docker itself would let it go.
      const later = ["--replicas=0", "--no-resolve-image"];
      docker(
        "service",
        "create",
        "--detach",
        "--name",
        `${operator.word}-later`,
        "--endpoint-mode",
        "dnsrr",
        ...later,
        wanted,
      );
      operator.watch("service", `${operator.word}-later`);
      docker("tag", helperImage(), renamed);
      const id = (image: string) => docker("image", "inspect", "--format", "{{.Id}}", image);
      const before = [id(wanted), id(renamed)];
      good(await driver.undeploy(app, source, step().step));
      good(await driver.remove(app, step().step));
      expect(images.map(imageExists)).toEqual([true, true, false]);
      expect([id(wanted), id(renamed)]).toEqual(before);
      report(
        context,
        foreign("the operator's service wants an image that we pulled; another has its name", "both kept"),
      );
      for (const image of images) if (imageExists(image)) docker("image", "rm", image);
    },
  );
});

function publish(image: string): void {
  docker("tag", busyboxImage(), image);
  docker("push", "--quiet", image);
  docker("image", "rm", image);
}

/** A driver whose docker client does something else first, once: somebody else is quicker. */
function driverWith(folder: string, script: string) {
  const tools = join(folder, "tools");
  mkdirSync(tools);
  const once = `real() { ${DOCKER} "$@" >/dev/null 2>&1; }\nif [ ! -e ${folder}/done ]; then seen() { touch ${folder}/done; }\n`;
  const text = `#!/bin/sh\n${once}${script.replaceAll(/real (volume|service) rm/g, "seen; real $1 rm")}\nfi\nexec ${DOCKER} "$@"\n`;
  writeFileSync(join(tools, "docker"), text);
  chmodSync(join(tools, "docker"), 0o755);
  return createSwarmDriver({
    tools: createToolbox([tools, dirname(DOCKER), ...SYSTEM_PATH]),
    home: folder,
    crashLoop: { exits: 5, longestUpMs: 30_000 },
    snapshotHelper: helperImage(),
  });
}

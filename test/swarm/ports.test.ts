import { afterAll, beforeAll, expect, it } from "vitest";
import { type Operator, startOperator } from "../faults/swarm/operator.ts";
import { composeOf, WAITS } from "../support/compose.ts";
import { busyboxImage } from "../support/images.ts";
import { bad, good } from "../support/outcome.ts";
import { freePort, listenForTest } from "../support/ports.ts";
import { describeOnSwarm, docker, leftOf, type SwarmBench, swarmBench } from "../support/swarm.ts";

const LIMIT_MS = 180_000;

let operator: Operator;
let names = 0;

/** A release whose one service publishes this: the form of `ports:` in a compose file. */
function publishing(bench: SwarmBench, ports: unknown, version = "1.0.0+1") {
  const compose = {
    version: "3.8",
    services: { app: { image: busyboxImage(), command: ["sh", "-c", WAITS.replaceAll("$", "$$")], ports } },
  };
  return bench.release(version, { "compose.yml": JSON.stringify(compose) });
}

const onHost = (published: number, protocol = "tcp") => [{ target: 80, published, protocol, mode: "host" }];

async function refusalOf(ports: unknown): Promise<string> {
  const bench = swarmBench();
  const failure = bad(
    await bench.driver.deploy(bench.app, publishing(bench, ports), null, bench.step().step),
  );
  expect(failure).toMatchObject({ cause: "refused", step: "deploy" });
  expect(leftOf(bench.app.stack), "nothing was deployed").toEqual([]);
  return failure.message;
}

async function deploys(ports: unknown, bench = swarmBench()): Promise<SwarmBench> {
  good(await bench.driver.deploy(bench.app, publishing(bench, ports), null, bench.step().step));
  return bench;
}

function ownName(): string {
  names += 1;
  return `${operator.word}-${names}`;
}

describeOnSwarm("a published port that is in use refuses the deploy, by name", () => {
  beforeAll(async () => {
    operator = await startOperator();
  }, LIMIT_MS);
  afterAll(async () => {
    expect(operator.touched()).toEqual([]);
    await operator.close();
  }, LIMIT_MS);

  it.each([
    ["tcp", "0.0.0.0", "0.0.0.0"],
    ["tcp", "127.0.0.1", "127.0.0.1"],
    ["tcp", "::1", "::1"],
    ["tcp", "::", "::"],
    ["udp", "0.0.0.0", "0.0.0.0"],
    ["udp", "::1", "::1"],
  ] as const)("where a process of the host listens by %s on %s", async (protocol, address, shown) => {
    const { port } = await listenForTest(protocol, address);
    const ended = `(process ${process.pid}) listens on ${shown} of this host; nothing was deployed: free the port, or let the recipe publish another`;
    for (const ports of [onHost(port, protocol), [`${port}:80/${protocol}`]]) {
      const message = await refusalOf(ports);
      expect(message).toContain(`port ${port}/${protocol}, which service app publishes, is in use: `);
      expect(message).toContain(ended);
    }
  });

  it("where the port lies within a range", async () => {
    const { port } = await listenForTest("tcp", "0.0.0.0");
    expect(await refusalOf([`${port - 2}-${port + 2}:80-84`])).toContain(`port ${port}/tcp`);
    expect(await refusalOf([`127.0.0.1:${port}-${port}:80-80`])).toContain(`port ${port}/tcp`);
  });

  it.each(["host", "ingress"])("where a service of another stack publishes it in mode %s", async (mode) => {
    const port = await freePort();
    const name = ownName();
    const publish = `mode=${mode},target=80,published=${port}`;
    const labels = { "com.docker.stack.namespace": "theirs" };
    await operator.service(
      name,
      labels,
      "--endpoint-mode",
      mode === "host" ? "dnsrr" : "vip",
      "--publish",
      publish,
    );
    for (const ports of [onHost(port), [`${port}:80`]])
      expect(await refusalOf(ports)).toContain(
        `port ${port}/tcp, which service app publishes, is in use: service ${name} of stack theirs publishes it;`,
      );
    await operator.remove("service", name);
    await deploys(onHost(port));
  });

  it("where a container has it, on one address alone, and not once that is gone", async () => {
    const port = await freePort();
    const name = operator.container(ownName(), "--publish", `127.0.0.1:${port}:80`);
    for (const ports of [onHost(port), [`${port}:80`]])
      expect(await refusalOf(ports)).toContain(`is in use: container ${name} publishes it on 127.0.0.1;`);
    await operator.remove("container", name);
    await deploys(onHost(port));
  });

  it("where an app of our own has it: a cold test beside its canonical", async () => {
    const port = await freePort();
    const warm = await deploys(onHost(port), swarmBench({ instance: "warm", recipe: "mail" }));
    expect(await refusalOf(onHost(port))).toContain(
      `is in use: service ${warm.app.stack}_app of stack ${warm.app.stack}, the warm app of mail publishes it`,
    );
  });

  it("and the refusal names each port, up to a bound", async () => {
    const { port } = await listenForTest("tcp", "0.0.0.0");
    const others = [await listenForTest("tcp", "0.0.0.0"), await listenForTest("tcp", "::")];
    const more = [await listenForTest("udp", "0.0.0.0"), await listenForTest("udp", "::")];
    const message = await refusalOf([
      ...[port, ...others.map((other) => other.port)].flatMap((one) => onHost(one)),
      ...more.flatMap((one) => onHost(one.port, "udp")),
    ]);
    for (const one of [port, ...others.map((other) => other.port)])
      expect(message).toContain(`port ${one}/tcp`);
    expect(message).toContain("; and 2 more; nothing was deployed");
  });
});

describeOnSwarm("a published port is free to use", () => {
  it("where only the other protocol has it", async () => {
    const { port } = await listenForTest("udp", "0.0.0.0");
    await deploys(onHost(port));
  });

  it("for the app that has it and is upgraded, in both modes", async () => {
    for (const ports of [onHost(await freePort()), [`${await freePort()}:80`]]) {
      const bench = await deploys(ports);
      const { app, driver } = bench;
      const newer = publishing(bench, ports, "1.1.0+1");
      good(await driver.deploy(app, newer, null, bench.step().step));
      expect(good(await driver.running(app, newer, bench.step().step)).version).toBe("1.1.0+1");
    }
  });

  it("where a service that has it on its node is scaled to nothing", async () => {
    const port = await freePort();
    const own = await startOperator();
    try {
      const name = await own.service(
        `${own.word}-idle`,
        {},
        "--publish",
        `mode=host,target=80,published=${port}`,
      );
      docker("service", "scale", "--detach", `${name}=0`);
      await expect
        .poll(() => docker("ps", "--quiet", "--filter", `label=com.docker.swarm.service.name=${name}`), {
          timeout: 30_000,
        })
        .toBe("");
      await deploys(onHost(port));
      own.watch("service", name);
    } finally {
      await own.close();
    }
  });

  it("where the release leaves the number to Docker", async () => {
    await deploys([{ target: 80, mode: "host" }, "81"]);
  });

  it("for one service alone: a second one of the release that publishes it on the node is the recipe's fault", async () => {
    const port = await freePort();
    const more = `ports: [{ target: 80, published: ${port}, mode: host }]`;
    const bench = swarmBench();
    const compose = composeOf({ a: { script: WAITS, more }, b: { script: WAITS, more } });
    const source = bench.release("1.0.0+1", { "compose.yml": compose });
    expect(bad(await bench.driver.deploy(bench.app, source, null, bench.step().step))).toMatchObject({
      cause: "recipe",
      message: `services a and b both publish port ${port}/tcp`,
    });
    expect(leftOf(bench.app.stack)).toEqual([]);
  });
});

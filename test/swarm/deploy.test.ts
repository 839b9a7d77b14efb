import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { composeOf, WAITS } from "../support/compose.ts";
import { busyboxImage, DOCKER } from "../support/images.ts";
import { bad, good } from "../support/outcome.ts";
import { describeOnSwarm, docker, leftOf, swarmBench } from "../support/swarm.ts";

const WITH_DATA = "volumes:\n  data: {}\n";
const WEB = {
  app: {
    script: `echo hello > /data/index; ${WAITS}`,
    more: "volumes: ['data:/data']",
  },
};

describeOnSwarm("the swarm driver", () => {
  it("starts a release, reads its version back, stops it with its data kept, and leaves nothing", async () => {
    const { driver, app, release, step } = swarmBench();
    const source = release("1.0.0+1.0", { "compose.yml": composeOf(WEB, WITH_DATA) });

    good(await driver.deploy(app, source, null, step().step));
    const running = good(await driver.running(app, source, step().step));
    expect(running.version).toBe("1.0.0+1.0");
    expect(running.images).toEqual([
      { service: "app", digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
    ]);
    expect(good(await driver.isDeployed(app, step().step))).toBe(true);

    good(await driver.undeploy(app, source, step().step));
    expect(good(await driver.isDeployed(app, step().step))).toBe(false);
    expect(good(await driver.running(app, source, step().step)).version).toBeNull();
    expect(good(await driver.inventory(app, source, step().step))).toEqual({
      ours: [`volume ${app.stack}_data`],
      foreign: [],
    });
    expect(good(await driver.volumes(app, step().step))).toMatchObject([
      { name: `${app.stack}_data`, bytes: 6 },
    ]);

    good(await driver.remove(app, step().step));
    expect(good(await driver.inventory(app, source, step().step))).toEqual({ ours: [], foreign: [] });
    expect(leftOf(app.stack)).toEqual([]);
  });

  it("upgrades a running app, and the version read back is that of the new release", async () => {
    const { driver, app, release, step } = swarmBench();
    const older = release("1.0.0+1.0", {
      "compose.yml": composeOf({ app: { script: WAITS, image: busyboxImage("1") } }),
    });
    const newer = release("1.1.0+2.0", {
      "compose.yml": composeOf({ app: { script: WAITS, image: busyboxImage("2") } }),
    });
    good(await driver.deploy(app, older, null, step().step));
    good(await driver.deploy(app, newer, older, step().step));
    expect(good(await driver.running(app, newer, step().step)).version).toBe("1.1.0+2.0");
    const image = docker(
      "ps",
      "--filter",
      `label=com.docker.stack.namespace=${app.stack}`,
      "--format",
      "{{.Image}}",
    );
    expect(image).toBe(busyboxImage("2"));
  });

  it("puts our labels on all that it makes, the implied network included", async () => {
    const { driver, app, release, step } = swarmBench();
    const rest = `${WITH_DATA}configs:\n  conf:\n    file: conf.txt\nsecrets:\n  pass:\n    external: true\n    name: \${STACK_NAME}_pass_v1\n`;
    const more = "volumes: ['data:/data']\nconfigs: [conf]\nsecrets: [pass]";
    const compose = composeOf({ app: { script: WAITS, more } }, rest);
    const source = release("1.0.0+1.0", { "compose.yml": compose, "conf.txt": "x\n" });
    good(await driver.deploy(app, source, null, step().step));
    const inventory = good(await driver.inventory(app, source, step().step));
    expect(inventory.foreign).toEqual([]);
    expect(inventory.ours.map((line) => line.split(" ")[0])).toEqual([
      "config",
      "container",
      "network",
      "secret",
      "service",
      "volume",
    ]);
  });

  it("fills variables in as abra does: sample, own values, abra.sh, overlays, and all of it for the app", async () => {
    const { driver, app, release, step } = swarmBench({ env: { GREETING: "from {domain}" } });
    const source = release("1.0.0+1.0", {
      ".env.sample":
        "TYPE=sample\nGREETING=sample\nCOMPOSE_FILE=compose.yml:compose.more.yml\nLINK=https://$DOMAIN/x # note\n",
      "abra.sh": "echo noise\nexport CONF_VERSION=v7\nhelper() { :; }\n[ -f nothing ] && true\n",
      "compose.yml": composeOf(
        {
          app: {
            script: `echo "$GREETING|$LINK|$CONF_VERSION|$MORE|$TYPE|$STACK_NAME" > /data/seen; ${WAITS}`,
            more: "volumes: ['data:/data']",
          },
        },
        WITH_DATA,
      ),
      "compose.more.yml":
        // biome-ignore lint/suspicious/noTemplateCurlyInString: filled in by Docker
        'version: "3.8"\nservices:\n  app:\n    environment:\n      MORE: "c-${CONF_VERSION}"\n',
    });
    good(await driver.deploy(app, source, null, step().step));
    const container = docker("ps", "-q", "--filter", `label=com.docker.stack.namespace=${app.stack}`);
    expect(docker("exec", container, "cat", "/data/seen")).toBe(
      `from ${app.domain}|https://${app.domain}/x|v7|c-v7|sample|${app.stack}`,
    );
  });

  it("tells a deploy that fails in the deployer's own words (undefined-service)", async () => {
    const { driver, app, release, step } = swarmBench();
    const source = release("1.0.0+1.0", {
      "compose.yml": composeOf({ app: { script: WAITS, more: "networks: [nope]" } }),
    });
    const failure = bad(await driver.deploy(app, source, null, step().step));
    expect(failure).toMatchObject({ cause: "recipe", step: "deploy" });
    expect(failure.message).toContain('service app: undefined network "nope"');
  });
});

describeOnSwarm("a thing on the swarm that is not ours", () => {
  it("stays, and the deploy is refused: a foreign volume with the name", async () => {
    const { driver, app, release, step } = swarmBench();
    const volume = `${app.stack}_data`;
    docker("volume", "create", volume);
    onTestFinished(() => void docker("volume", "rm", volume));
    const source = release("1.0.0+1.0", { "compose.yml": composeOf(WEB, WITH_DATA) });
    const failure = bad(await driver.deploy(app, source, null, step().step));
    expect(failure).toMatchObject({ cause: "refused" });
    expect(failure.message).toContain(`volume ${volume}`);
    good(await driver.remove(app, step().step));
    expect(leftOf(app.stack)).toEqual([`volume ${volume}`]);
    expect(good(await driver.inventory(app, source, step().step))).toEqual({
      ours: [],
      foreign: [`volume ${volume}`],
    });
  });

  it("live-provider: a foreign stack at the domain is neither deployed over nor removed", async () => {
    const { driver, app, release, step, folder } = swarmBench({ instance: "warm" });
    const source = release("1.0.0+1.0", { "compose.yml": composeOf({ app: { script: WAITS } }) });
    docker(
      "stack",
      "deploy",
      "-c",
      join(source.checkout, "compose.yml"),
      "--resolve-image",
      "never",
      app.stack,
    );
    onTestFinished(() => void docker("stack", "rm", app.stack));
    expect(existsSync(folder)).toBe(true);
    const before = docker("service", "ls", "--format", "{{.ID}}", "--filter", `name=${app.stack}_`);
    expect(bad(await driver.deploy(app, source, null, step().step)).cause).toBe("refused");
    expect(bad(await driver.undeploy(app, source, step().step)).cause).toBe("refused");
    good(await driver.remove(app, step().step));
    expect(docker("service", "ls", "--format", "{{.ID}}", "--filter", `name=${app.stack}_`)).toBe(before);
  });
});

describeOnSwarm("the secrets of an app", () => {
  const SECRET =
    // biome-ignore lint/suspicious/noTemplateCurlyInString: filled in by Docker
    "secrets:\n  db_password:\n    external: true\n    name: ${STACK_NAME}_db_password_${SECRET_DB_PASSWORD_VERSION}\n";
  const compose = () =>
    composeOf(
      {
        app: {
          script: `cat /run/secrets/db_password > /data/seen; ${WAITS}`,
          more: "secrets: [db_password]\nvolumes: ['data:/data']",
        },
      },
      SECRET + WITH_DATA,
    );
  const files = () => ({
    ".env.sample": "SECRET_DB_PASSWORD_VERSION=v1 # length=40 charset=hex\n",
    "compose.yml": compose(),
  });

  it("are generated as the sample says, never stand on an argv, and are kept for the canonical", async () => {
    const { driver, app, release, step } = swarmBench();
    const source = release("1.0.0+1.0", files());
    const deploy = step();
    const seen: string[] = [];
    deploy.step = { ...deploy.step, secret: (value) => seen.push(value) };
    good(await driver.deploy(app, source, null, deploy.step));
    const kept = good(await driver.kept(app, step().step));
    const value = kept.secrets.db_password ?? "";
    expect(value).toMatch(/^[0-9a-f]{40}$/);
    expect(seen).toContain(value);
    expect(deploy.commands.map((entry) => entry.command).join("\n")).not.toContain(value);
    expect(kept.env).toContain(`DOMAIN=${app.domain}`);
    const container = docker("ps", "-q", "--filter", `label=com.docker.stack.namespace=${app.stack}`);
    expect(docker("exec", container, "cat", "/data/seen")).toBe(value);
    expect(good(await driver.secretsAndConfigs(app, step().step)).secrets).toEqual([
      `${app.stack}_db_password_v1`,
    ]);
  });

  it("lost-secrets: an app that starts with kept values gets them, also in another place", async () => {
    const { driver, app, release, step } = swarmBench({
      kept: {
        env: "EXTRA=1\nSECRET_DB_PASSWORD_VERSION=v1 # length=40\n",
        secrets: { db_password: "as-it-was" },
      },
    });
    good(await driver.deploy(app, release("1.0.0+1.0", files()), null, step().step));
    const container = docker("ps", "-q", "--filter", `label=com.docker.stack.namespace=${app.stack}`);
    expect(docker("exec", container, "cat", "/data/seen")).toBe("as-it-was");
  });

  it("secret-residue: removing an app removes its secrets, so that the next try starts clean", async () => {
    const { driver, app, release, step } = swarmBench();
    const source = release("1.0.0+1.0", files());
    good(await driver.deploy(app, source, null, step().step));
    good(await driver.remove(app, step().step));
    expect(leftOf(app.stack)).toEqual([]);
    good(await driver.deploy(app, source, null, step().step));
  });

  it("stay where they are somebody else's of the same name, and the deploy is refused", async () => {
    const { driver, app, release, step } = swarmBench();
    const name = `${app.stack}_db_password_v1`;
    execFileSync(DOCKER, ["secret", "create", name, "-"], { input: "theirs" });
    onTestFinished(() => void docker("secret", "rm", name));
    const failure = bad(await driver.deploy(app, release("1.0.0+1.0", files()), null, step().step));
    expect(failure).toMatchObject({ cause: "refused", message: expect.stringContaining(name) });
    good(await driver.remove(app, step().step));
    expect(spawnSync(DOCKER, ["secret", "inspect", name]).status).toBe(0);
  });
});

describeOnSwarm("the leftovers", () => {
  it("of a dead run are found by their label: cold apps go, data of warm ones stays, others' stay", async () => {
    const cold = swarmBench();
    const warm = swarmBench({ instance: "warm", owner: cold.app.owner });
    const other = swarmBench();
    for (const { driver, app, release, step } of [cold, warm, other]) {
      const source = release("1.0.0+1.0", { "compose.yml": composeOf(WEB, WITH_DATA) });
      good(await driver.deploy(app, source, null, step().step));
    }
    const lines = good(
      await cold.driver.removeLeftovers(cold.app.lane, cold.app.owner, [], cold.step().step),
    );
    expect(lines).toContain(`volume ${cold.app.stack}_data`);
    expect(lines).toContain(`service ${warm.app.stack}_app`);
    expect(leftOf(cold.app.stack)).toEqual([]);
    expect(leftOf(warm.app.stack)).toEqual([`volume ${warm.app.stack}_data`]);
    expect(good(await other.driver.isDeployed(other.app, other.step().step))).toBe(true);
  });
});

describeOnSwarm("the evidence of a deploy", () => {
  it("has the logs, states and mounts, and no secret", async () => {
    const { driver, app, release, step, folder } = swarmBench({
      kept: { env: null, secrets: { pass: "hunter2hunter2" } },
    });
    const source = release("1.0.0+1.0", {
      "compose.yml": composeOf(
        {
          app: { script: `echo token hunter2hunter2; echo bye; ${WAITS}`, more: "volumes: ['data:/data']" },
        },
        WITH_DATA,
      ),
    });
    good(await driver.deploy(app, source, null, step().step));
    const states = await driver.collectEvidence(app, source, join(folder, "evidence"), step().step);
    expect(states).toMatchObject([
      { service: `${app.stack}_app`, state: expect.stringContaining("1/1 running") },
    ]);
    expect(states[0]?.lastLogLines.at(-1)).toMatch(/ bye$/);
    const log = readFileSync(join(folder, "evidence", `${app.stack}_app.log`), "utf8");
    expect(log).toContain("token ***");
    expect(readFileSync(join(folder, "evidence", "services.json"), "utf8")).toContain(`${app.stack}_data`);
    expect(readFileSync(join(folder, "evidence", "aliases.txt"), "utf8")).toContain("No name of this stack");
  });
});

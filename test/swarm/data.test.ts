import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { App } from "../../src/core/app.ts";
import { stackName } from "../../src/core/stack-name.ts";
import { createDocker } from "../../src/docker/docker.ts";
import { ownLabels } from "../../src/docker/labels.ts";
import { measureVolume } from "../../src/docker/volumes/measure-volume.ts";
import { exportVolume, importVolume } from "../../src/docker/volumes/volumes.ts";
import type { Driver } from "../../src/driver/driver.ts";
import { composeOf, WAITS } from "../support/compose.ts";
import { DOCKER, helperImage } from "../support/images.ts";
import { bad, good } from "../support/outcome.ts";
import { describeOnSwarm, docker, leftOf, swarmBench, swarmTools, testApp } from "../support/swarm.ts";

const VOLUMES = "volumes:\n  data: {}\n";
const KEEPS = { app: { script: WAITS, more: "volumes: ['data:/data']" } };
const FILL =
  "echo one > /data/a; mkdir -p /data/d; echo two > '/data/d/b c'; ln -s a /data/l; ln /data/a /data/h; chown 33:44 /data/a; chmod 4711 /data/d; touch -d '2020-01-01 00:00' /data/d; : > /data/.hidden";

function containerOf(app: App): string {
  return docker("ps", "-q", "--filter", `label=com.docker.stack.namespace=${app.stack}`);
}

function run(app: App, script: string): string {
  return docker("exec", containerOf(app), "sh", "-c", script);
}

/** Every file of a volume with mode, owner, time, links and content, in one text. */
function fingerprint(volume: string): string {
  const path = docker("volume", "inspect", "--format", "{{.Mountpoint}}", volume);
  const script = `cd "$1" && find . -printf '%p %m %U:%G %T@ %n %l\\n' | sort && find . -type f -print0 | sort -z | xargs -0 sha256sum`;
  return execFileSync("/bin/bash", ["-c", script, "bash", path], { encoding: "utf8" });
}

async function seeded(bench: ReturnType<typeof swarmBench>) {
  const { driver, app, release, step } = bench;
  const source = release("1.0.0+1", { "compose.yml": composeOf(KEEPS, VOLUMES) });
  good(await driver.deploy(app, source, null, step().step));
  run(app, FILL);
  return source;
}

describeOnSwarm("a snapshot of volumes", () => {
  it("puts every byte, owner, mode and time back, removes what came later, and can be repeated", async () => {
    const bench = swarmBench({ instance: "warm" });
    const { driver, app, folder, release, step } = bench;
    const source = await seeded(bench);
    const snapshot = join(folder, "snapshot");
    mkdirSync(snapshot);
    expect(bad(await driver.snapshot(app, snapshot, step().step)).cause).toBe("refused");
    good(await driver.undeploy(app, source, step().step));
    const before = fingerprint(`${app.stack}_data`);
    good(await driver.snapshot(app, snapshot, step().step));

    const more = "volumes: ['data:/data', 'extra:/extra']";
    const next = composeOf({ app: { script: WAITS, more } }, "volumes:\n  data: {}\n  extra: {}\n");
    const newer = release("2.0.0+2", { "compose.yml": next });
    good(await driver.deploy(app, newer, source, step().step));
    run(app, "rm -rf /data/a /data/d; echo other > /data/new; echo x > /extra/x");
    good(await driver.undeploy(app, newer, step().step));

    good(await driver.restoreSnapshot(app, snapshot, step().step));
    good(await driver.restoreSnapshot(app, snapshot, step().step));
    expect(fingerprint(`${app.stack}_data`)).toBe(before);
    expect(good(await driver.volumes(app, step().step)).map((volume) => volume.name)).toEqual([
      `${app.stack}_data`,
    ]);
    good(await driver.syncData(app, step().step));
  });

  it("is put back over what still copies for a command that was ended, and over nothing else that runs", async () => {
    const bench = swarmBench({ instance: "warm" });
    const { driver, app, folder, step } = bench;
    good(await driver.undeploy(app, await seeded(bench), step().step));
    const snapshot = join(folder, "snapshot");
    mkdirSync(snapshot);
    good(await driver.snapshot(app, snapshot, step().step));
    const labels = Object.entries(ownLabels(app)).flatMap(([name, value]) => ["--label", `${name}=${value}`]);
    const mount = ["--volume", `${app.stack}_data:/volume`, helperImage(), "sh", "-c", "read -r line"];
    const helper = docker("run", "--detach", "--interactive", ...labels, ...mount);
    good(await driver.restoreSnapshot(app, snapshot, step().step));
    expect(docker("ps", "--all", "--quiet", "--no-trunc")).not.toContain(helper);
    const foreign = docker("run", "--detach", "--interactive", ...mount);
    onTestFinished(() => void docker("rm", "--force", foreign));
    expect(bad(await driver.restoreSnapshot(app, snapshot, step().step)).cause).toBe("refused");
  });

  it("that is unfinished does not count as a snapshot", async () => {
    const { driver, app, folder, step } = swarmBench();
    expect(bad(await driver.restoreSnapshot(app, join(folder, "nothing"), step().step)).cause).toBe(
      "machinery",
    );
  });

  it("makes a volume and a secret again that have gone, and removes secrets that came later by name", async () => {
    const secret = "secrets:\n  pass:\n    external: true\n";
    const kept = { env: null, secrets: { pass: "as-it-was" } };
    const { driver, app, folder, release, step } = swarmBench({ instance: "warm", kept });
    const compose = composeOf(
      {
        app: {
          script: `cat /run/secrets/pass > /data/seen; ${WAITS}`,
          more: "volumes: ['data:/data']\nsecrets: [pass]",
        },
      },
      `${VOLUMES}${secret}    name: \${STACK_NAME}_pass_v1\n`,
    );
    const source = release("1.0.0+1", { "compose.yml": compose });
    good(await driver.deploy(app, source, null, step().step));
    good(await driver.undeploy(app, source, step().step));
    const names = good(await driver.secretsAndConfigs(app, step().step));
    const snapshot = join(folder, "snapshot");
    good(await driver.snapshot(app, snapshot, step().step));
    docker("volume", "rm", `${app.stack}_data`);
    docker("secret", "rm", `${app.stack}_pass_v1`);
    good(await driver.restoreSnapshot(app, snapshot, step().step));
    expect(good(await driver.secretsAndConfigs(app, step().step))).toEqual(names);
    good(await driver.deploy(app, source, null, step().step));
    expect(run(app, "cat /data/seen")).toBe("as-it-was");
    good(await driver.undeploy(app, source, step().step));
    good(await driver.removeSecretsExcept(app, { secrets: [], configs: [] }, step().step));
    expect(good(await driver.secretsAndConfigs(app, step().step)).secrets).toEqual([]);
  });

  it("has every byte too when it is taken through the helper image, for a daemon elsewhere", async () => {
    const { step, folder } = swarmBench();
    const volume = `helper-${Date.now()}`;
    docker("volume", "create", volume);
    onTestFinished(() => void docker("volume", "rm", volume));
    const tools = swarmTools();
    const here = createDocker({
      file: DOCKER,
      context: "default",
      searchPath: tools.searchPath,
      home: folder,
    });
    // What the program sees of a daemon on another machine: its name is not ours.
    const elsewhere = {
      ...here,
      lines: async (asking: never, args: readonly string[]) =>
        args[0] === "info" ? ["another-host"] : here.lines(asking, args),
    };
    const use = { docker: elsewhere, tools, helper: helperImage(), labels: {} };
    const path = docker("volume", "inspect", "--format", "{{.Mountpoint}}", volume);
    execFileSync("/bin/sh", ["-c", FILL.replaceAll("/data/", `${path}/`)]);
    const before = fingerprint(volume);
    await exportVolume(use, volume, join(folder, "copy"), step().step);
    execFileSync("/bin/sh", ["-c", `rm ${path}/a; echo x > ${path}/..later; echo y > ${path}/z`]);
    await importVolume(use, join(folder, "copy"), volume, step().step);
    const withoutRoot = (text: string) =>
      text
        .split("\n")
        .filter((line) => !line.startsWith(". "))
        .join("\n");
    expect(withoutRoot(fingerprint(volume))).toBe(withoutRoot(before));
    expect((await measureVolume(use, volume, step().step)).bytes).toBeGreaterThanOrEqual(8);
  });
});

describeOnSwarm("data that was adopted", () => {
  it("is used by the warm app, snapshot and put back, and never removed", async () => {
    const domain = `a${Date.now()}.ci.example.org`;
    const stack = stackName(domain);
    const volume = `${stack}_data`;
    const { driver, app, folder, release, step } = swarmBench({
      instance: "warm",
      domain,
      stack,
      adopted: [volume],
    });
    docker("volume", "create", "--label", `com.docker.stack.namespace=${stack}`, volume);
    onTestFinished(() => void docker("volume", "rm", volume));
    expect(good(await driver.volumes(app, step().step))).toEqual([{ name: volume, bytes: 0, used: 0 }]);
    const source = release("1.0.0+1", { "compose.yml": composeOf(KEEPS, VOLUMES) });
    good(await driver.deploy(app, source, null, step().step));
    run(app, "echo adopted > /data/a");
    good(await driver.undeploy(app, source, step().step));
    good(await driver.snapshot(app, join(folder, "snapshot"), step().step));
    const path = docker("volume", "inspect", "--format", "{{.Mountpoint}}", volume);
    execFileSync("/bin/rm", [join(path, "a")]);
    good(await driver.restoreSnapshot(app, join(folder, "snapshot"), step().step));
    expect(fingerprint(volume)).toContain("./a ");
    good(await driver.remove(app, step().step));
    expect(leftOf(stack)).toEqual([`volume ${volume}`]);
  });
});

describeOnSwarm("a copy of an app's data", () => {
  it("goes to another app, which must have none yet, and is that one's own", async () => {
    const bench = swarmBench({ instance: "warm" });
    const { driver, app, folder, step } = bench;
    const source = await seeded(bench);
    good(await driver.undeploy(app, source, step().step));
    const to = testApp(folder, `q${app.domain}`, { owner: app.owner, recipe: app.recipe });
    onTestFinished(() => removeQuietly(driver, to, step));
    good(await driver.copyData(app, to, step().step));
    expect(fingerprint(`${to.stack}_data`)).toBe(fingerprint(`${app.stack}_data`));
    expect(bad(await driver.copyData(app, to, step().step)).cause).toBe("refused");
    good(await driver.deploy(to, source, null, step().step));
    expect(run(to, "cat /data/a")).toBe("one");
    good(await driver.remove(to, step().step));
    expect(good(await driver.volumes(app, step().step))).toHaveLength(1);
  });
});

async function removeQuietly(
  driver: Driver,
  app: App,
  step: ReturnType<typeof swarmBench>["step"],
): Promise<void> {
  await driver.remove(app, step().step);
}

describeOnSwarm("a backup by the swarm driver", () => {
  // A stand-in for a database: it serves what it read at its start, and its file is no use to it while it runs.
  const DATABASE = "cp /data/live /tmp/memory 2>/dev/null; ";
  const hooks = (restore: boolean) =>
    [
      "labels:",
      "  backupbot.backup: 'true'",
      "  backupbot.backup.volumes.data.path: dump.sql",
      "  backupbot.backup.volumes.cache: 'false'",
      "  backupbot.backup.pre-hook: 'cp /tmp/memory /data/dump.sql'",
      "  backupbot.backup.post-hook: 'rm /data/dump.sql'",
      ...(restore
        ? ["  backupbot.restore.post-hook: 'cp /data/dump.sql /tmp/memory && rm /data/dump.sql'"]
        : []),
    ].join("\n");
  const compose = (restore: boolean) =>
    composeOf(
      {
        app: {
          script: `${DATABASE}${WAITS}`,
          more: "volumes: ['data:/data', 'cache:/cache']",
          deploy: hooks(restore),
        },
      },
      "volumes:\n  data: {}\n  cache: {}\n",
    );

  async function roundTrip(bench: ReturnType<typeof swarmBench>, restore: boolean): Promise<string> {
    const { driver, app, folder, release, step } = bench;
    const source = release("1.0.0+1", { "compose.yml": compose(restore) });
    expect(await driver.declaresBackups(app, source, step().step)).toEqual({ declared: true });
    good(await driver.deploy(app, source, null, step().step));
    run(app, "echo ci_marker > /tmp/memory; echo junk > /cache/junk");
    const into = join(folder, "backup");
    mkdirSync(into);
    const made = good(await driver.backup(app, source, into, step().step));
    expect(made).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8,}$/),
      files: 1,
      bytes: "ci_marker\n".length,
    });
    run(app, "test ! -e /data/dump.sql; rm /tmp/memory");
    good(await driver.restore(app, source, into, made.id, step().step));
    return run(app, "cat /tmp/memory 2>/dev/null || echo gone");
  }

  it("gives the data back where the recipe reads its dump back", async () => {
    expect(await roundTrip(swarmBench(), true)).toBe("ci_marker");
  });

  it("no-restore-hook: does not give it back where the recipe has no restore hook, though all exits 0", async () => {
    expect(await roundTrip(swarmBench(), false)).toBe("gone");
  });

  it("of a whole volume puts files back into the running app and leaves the others", async () => {
    const bench = swarmBench();
    const { driver, app, folder, release, step } = bench;
    const deploy = "labels: ['backupbot.backup=true', 'backupbot.backup.path=/data/d,/data/a']";
    const source = release("1.0.0+1", {
      "compose.yml": composeOf({ app: { ...KEEPS.app, deploy } }, VOLUMES),
    });
    good(await driver.deploy(app, source, null, step().step));
    // What has another name outside of the backup would be changed by that name.
    run(app, `${FILL}; rm /data/h`);
    const before = fingerprint(`${app.stack}_data`);
    const into = join(folder, "backup");
    mkdirSync(into);
    const made = good(await driver.backup(app, source, into, step().step));
    expect(made).toMatchObject({ files: 2, bytes: 8 });
    run(app, "echo broken > /data/a; rm '/data/d/b c'; chmod 777 /data/d");
    good(await driver.restore(app, source, into, made.id, step().step));
    expect(fingerprint(`${app.stack}_data`)).toBe(before);
  });

  it("fails with the hook's own words where a hook fails", async () => {
    const { driver, app, folder, release, step } = swarmBench();
    const deploy =
      "labels:\n  backupbot.backup: 'true'\n  backupbot.backup.pre-hook: 'echo no such table >&2; exit 4'";
    const source = release("1.0.0+1", {
      "compose.yml": composeOf({ app: { ...KEEPS.app, deploy } }, VOLUMES),
    });
    good(await driver.deploy(app, source, null, step().step));
    const failure = bad(await driver.backup(app, source, join(folder, "backup"), step().step));
    expect(failure).toMatchObject({ cause: "recipe", step: "backup" });
    expect(failure.message).toContain("backup pre-hook");
    expect(failure.message).toContain("exited with 4: no such table");
  });

  it("is not declared by a release without the label, and the reason says so", async () => {
    const { driver, app, release, step } = swarmBench();
    const source = release("1.0.0+1", { "compose.yml": composeOf(KEEPS, VOLUMES) });
    expect(await driver.declaresBackups(app, source, step().step)).toEqual({
      declared: false,
      reason: "no service of the release has the label backupbot.backup=true",
    });
  });
});

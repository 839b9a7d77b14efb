import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { deadlineIn } from "../../src/command/deadline.ts";
import { createToolbox } from "../../src/command/toolbox.ts";
import { stackName } from "../../src/core/stack-name.ts";
import { createAbraDriver } from "../../src/driver/abra/abra-driver.ts";
import { reserve, writeEntry } from "../../src/driver/ledger.ts";
import { contextWithoutDaemon } from "../support/docker.ts";
import { bad, good } from "../support/outcome.ts";
import { createUpstream } from "../support/upstream.ts";
import { type Bench, openBench } from "./bench.ts";
import { notesFiles, notesUpstream } from "./notes-recipe.ts";
import { cleanAfterwards, docker, ensureImage, IMAGE, inService, leftOf, whyNoSwarm } from "./swarm.ts";

const missing = whyNoSwarm();
const [OLD, NEW] = ["1.0.0+1.0.0", "1.1.0+1.1.0"];

describe.skipIf(missing !== null)(`incidents of abra${missing === null ? "" : ` (${missing})`}`, () => {
  beforeAll(ensureImage);

  it("dirty-tree: what a test left in the checkout does not stop the next deploy", async () => {
    const { driver, app, step, source } = openBench(notesUpstream);
    good(await driver.deploy(app, source(OLD), null, step));
    const recipe = join(app.scratch, "abra/recipes/notes");
    writeFileSync(join(recipe, "left-by-a-test"), "");
    writeFileSync(join(recipe, "compose.yml"), "services: changed");
    good(await driver.deploy(app, source(NEW), source(OLD), step));
    expect(good(await driver.running(app, source(NEW), step)).version).toBe(NEW);
  });

  it("already-deployed: refuses in abra's words, and goes on once it is undeployed, volumes kept", async () => {
    const { driver, app, again, step, source } = openBench(notesUpstream, { app: { instance: "warm" } });
    good(await driver.deploy(app, source(OLD), null, step));
    inService(app.stack, "app", "sh", "-c", "echo mine > /data/notes");
    const kept = good(await driver.kept(app, step));
    const later = again({ run: "later-run", kept });
    expect(bad(await driver.deploy(later, source(NEW), null, step))).toMatchObject({
      cause: "refused",
      message: `${app.domain} is already deployed`,
    });
    good(await driver.undeploy(later, null, step));
    good(await driver.deploy(later, source(NEW), null, step));
    expect(inService(app.stack, "app", "cat", "/data/notes")).toBe("mine");
  });

  it("secret-residue: a deploy that fails leaves nothing behind, so that the next try starts clean", async () => {
    const files = notesFiles("1.0.0", { command: "echo no room for notes >&2; exit 3" });
    const { driver, app, again, step, source, options } = openBench((folder) => {
      const upstream = notesUpstream(folder);
      upstream.commit(files);
      upstream.tag("1.2.0+1.2.0");
      return upstream;
    });
    const impatient = createAbraDriver({ ...options, crashLoop: { exits: 2, longestUpMs: 30_000 } });
    const failure = bad(await impatient.deploy(app, source("1.2.0+1.2.0"), null, step));
    expect(failure).toMatchObject({ cause: "recipe" });
    expect(failure.message).toContain("no room for notes");
    expect(leftOf(app.stack)).toContain(`secret ${app.stack}_db_password_v1`);
    // After a kill the next run has none of the first one's files: the ledger alone says what is ours.
    const next = again({ run: "next-run" });
    good(await driver.remove(next, step));
    expect(leftOf(app.stack)).toEqual([]);
    good(await driver.deploy(next, source(NEW), null, step));
  });

  it("fails a recipe with lightweight tags in abra's own words, and leaves the tags as they are", async () => {
    const { driver, app, step, source, upstream } = openBench((folder) => {
      const made = notesUpstream(folder);
      made.tag("0.9.0+1.0.0", { lightweight: true });
      return made;
    });
    const failure = bad(await driver.deploy(app, source(NEW), null, step));
    expect(failure).toMatchObject({ cause: "recipe", step: "deploy" });
    expect(failure.message).toContain("R014: only annotated tags used for recipe version");
    expect(upstream.git("cat-file", "-t", "refs/tags/0.9.0+1.0.0")).toBe("commit");
    good(await driver.remove(app, step));
    expect(leftOf(app.stack)).toEqual([]);
  });

  it("undefined-service: fails a compose file that names what does not exist, in the deployer's own words", async () => {
    const { driver, app, step, source } = openBench((folder) => {
      const upstream = createUpstream(join(folder, "notes.git"));
      const files = notesFiles("1.0.0");
      upstream.commit({
        ...files,
        "compose.yml": String(files["compose.yml"]).replace('"internal"', '"nope"'),
      });
      upstream.tag(OLD);
      return upstream;
    });
    const failure = bad(await driver.deploy(app, source(OLD), null, step));
    expect(failure).toMatchObject({ cause: "recipe", message: 'service app: undefined network "nope"' });
    good(await driver.remove(app, step));
    expect(leftOf(app.stack)).toEqual([]);
  });

  it("keeps and removes a secret whose version stands in the compose file alone", async () => {
    const { driver, app, step, source } = openBench((folder) => {
      const upstream = createUpstream(join(folder, "notes.git"));
      const files = notesFiles("1.0.0", { secrets: ["token"] });
      const sample = String(files[".env.sample"]).replace(/^SECRET_TOKEN_VERSION.*\n/m, "");
      const compose = String(files["compose.yml"]).replace(/\$\{SECRET_TOKEN_VERSION\}/, "v7");
      upstream.commit({ ...files, ".env.sample": sample, "compose.yml": compose });
      upstream.tag(OLD);
      return upstream;
    });
    good(await driver.deploy(app, source(OLD), null, step));
    const token = inService(app.stack, "app", "cat", "/run/secrets/token");
    expect(good(await driver.kept(app, step)).secrets).toMatchObject({ token });
    good(await driver.remove(app, step));
    expect(leftOf(app.stack)).toEqual([]);
  });

  it("refuses a foreign stack at its name, and leaves it as it is", async () => {
    const bench = openBench(notesUpstream);
    const { driver, app, step, source } = bench;
    deployForeign(bench);
    const containers = () => docker("ps", "--quiet", "--no-trunc", "--filter", `name=${app.stack}`);
    await expect.poll(containers, { timeout: 30_000 }).not.toBe("");
    const before = containers();
    const failure = bad(await driver.deploy(app, source(OLD), null, step));
    expect(failure).toMatchObject({ cause: "refused" });
    expect(failure.message).toContain(`${app.stack}_provider`);
    expect(bad(await driver.undeploy(app, source(OLD), step)).cause).toBe("refused");
    expect(bad(await driver.remove(app, step)).cause).toBe("refused");
    const inventory = good(await driver.inventory(app, null, step));
    expect(inventory.ours).toEqual([]);
    expect(inventory.foreign).toContain(`service ${app.stack}_provider`);
    expect(containers()).toBe(before);
  });

  it("refuses a volume of unknown owner at its name, and leaves it as it is", async () => {
    const { driver, app, step, source } = openBench(notesUpstream);
    docker("volume", "create", `${app.stack}_data`);
    expect(bad(await driver.deploy(app, source(OLD), null, step)).cause).toBe("refused");
    good(await driver.remove(app, step));
    expect(leftOf(app.stack)).toEqual([`volume ${app.stack}_data`]);
  });

  it("uses what was adopted of somebody else, and never removes it", async () => {
    const { driver, app, step, source, options } = openBench(notesUpstream, { app: { instance: "warm" } });
    const strangers = { ...options, stateRoot: join(options.stateRoot, "of-somebody-else") };
    const stranger = createAbraDriver(strangers);
    good(await stranger.deploy(app, source(OLD), null, step));
    inService(app.stack, "app", "sh", "-c", "echo theirs > /data/notes");
    const kept = good(await stranger.kept(app, step));
    good(await stranger.undeploy(app, source(OLD), step));
    expect(bad(await driver.deploy({ ...app, kept }, source(NEW), null, step)).cause).toBe("refused");
    const names = good(await driver.volumes(app, step)).map(({ name }) => name);
    const adopted = [...names, `${app.stack}_db_password_v1`];
    const adopter = createAbraDriver({ ...options, adopted: () => adopted });
    good(await adopter.deploy({ ...app, kept }, source(NEW), null, step));
    expect(inService(app.stack, "app", "cat", "/data/notes")).toBe("theirs");
    expect(good(await adopter.secretsAndConfigs(app, step)).secrets).toEqual([`${app.stack}_db_password_v1`]);
    good(await adopter.remove(app, step));
    expect(leftOf(app.stack)).toEqual([`volume ${app.stack}_data`, `secret ${app.stack}_db_password_v1`]);
  });

  it("removes its own backup snapshots from the bot's store, and names those that stay", async () => {
    const { driver, app, step, source, folder, warnings, options } = openBench(notesUpstream);
    good(await driver.deploy(app, source(NEW), null, step));
    const { id } = good(await driver.backup(app, source(NEW), join(folder, "backup"), step));
    const bot = deployBot(folder);
    await expect
      .poll(() => docker("ps", "--quiet", "--filter", `name=${bot}_app`), { timeout: 30_000 })
      .not.toBe("");
    good(await driver.remove(app, step));
    expect(inService(bot, "app", "cat", "/tmp/asked")).toBe(`forget -- ${id}`);
    expect(warnings).toEqual([]);
    const entry = { ...reserve(options.stateRoot, app, step.clock), snapshots: ["0123abcd"] };
    docker("service", "rm", `${bot}_app`);
    writeEntry(options.stateRoot, entry);
    good(await driver.remove(app, step));
    expect(warnings).toEqual(["backup snapshots that stay: 0123abcd (no container of backup-bot was found)"]);
  });

  it("ends an abra that hangs at the limit, and tells what was last seen", async () => {
    const { app, step: patient, source, options, folder } = openBench(notesUpstream);
    const program = join(folder, "abra");
    writeFileSync(program, "#!/bin/sh\necho still looking\nsleep 60\n");
    chmodSync(program, 0o755);
    const driver = createAbraDriver({
      ...options,
      tools: createToolbox([folder, "/usr/sbin", "/usr/bin", "/bin"]),
    });
    const step = patient.within(deadlineIn(patient.clock, "timeouts.deploy", 4_000));
    expect(bad(await driver.deploy(app, source(OLD), null, step))).toMatchObject({
      cause: "timeout",
      limitMs: 4_000,
      lastSeen: "still looking",
    });
  });

  it("ignores a ledger entry that cannot be read or is of another state folder", async () => {
    const { driver, app, again, step, source, options } = openBench(notesUpstream);
    good(await driver.deploy(app, source(OLD), null, step));
    const other = again({ owner: "another-state-folder" });
    expect(bad(await driver.remove(other, step))).toMatchObject({ cause: "refused" });
    const entry = join(options.stateRoot, "ledger/main", `${app.stack}.json`);
    writeFileSync(entry, "{ torn");
    expect(bad(await driver.remove(app, step))).toMatchObject({ cause: "refused" });
    expect(good(await driver.isDeployed(app, step))).toBe(true);
  });

  it("removes the cold apps of dead runs, stops warm ones that are not live, and keeps their data", async () => {
    const { driver, app, step, source, options } = openBench(notesUpstream);
    good(await driver.deploy(app, source(OLD), null, step));
    const warm = openBench(() => notesUpstream(join(options.stateRoot, "upstream")), {
      app: { instance: "warm", recipe: "notes" },
      options: { stateRoot: options.stateRoot },
    });
    good(await warm.driver.deploy(warm.app, warm.source(OLD), null, step));
    const lines = good(await driver.removeLeftovers(app.lane, app.owner, ["notes"], step));
    expect(lines).toContain(`volume ${app.stack}_data`);
    expect(leftOf(app.stack)).toEqual([]);
    expect(good(await driver.isDeployed(warm.app, step))).toBe(true);
    good(await driver.removeLeftovers(app.lane, app.owner, [], step));
    expect(leftOf(warm.app.stack)).toEqual([
      `volume ${warm.app.stack}_data`,
      `secret ${warm.app.stack}_db_password_v1`,
    ]);
    expect(readdirSync(join(options.stateRoot, "ledger/main"))).toEqual([`${warm.app.stack}.json`]);
  });

  it("says machinery where abra is missing or Docker is away, and never blames the recipe", async () => {
    const { app, step, source, options } = openBench(notesUpstream);
    const empty = join(options.stateRoot, "no-tools");
    mkdirSync(empty, { recursive: true });
    const without = createAbraDriver({
      ...options,
      tools: createToolbox([empty, "/usr/sbin", "/usr/bin", "/bin"]),
    });
    const failure = bad(await without.deploy(app, source(OLD), null, step));
    expect(failure).toMatchObject({ cause: "machinery" });
    expect(failure.message).toContain("abra is missing");
    const lost = createAbraDriver(options);
    const away = { ...app, lane: { ...app.lane, context: contextWithoutDaemon(options.home) } };
    expect(bad(await lost.deploy(away, source(OLD), null, step)).cause).toBe("machinery");
    expect(bad(await lost.inventory(away, null, step)).cause).toBe("machinery");
  });
});

/** Stands in for the container of backup-bot: its `restic` writes down what it was asked. */
function deployBot(folder: string): string {
  const bot = stackName(`bot-${randomBytes(3).toString("hex")}.t.example.org`);
  cleanAfterwards(bot);
  const script =
    'echo "#!/bin/sh" > /bin/restic; echo "echo \\$$* > /tmp/asked" >> /bin/restic; chmod 755 /bin/restic; exec sleep 600';
  const app = {
    image: IMAGE,
    command: ["sh", "-c", script],
    stop_grace_period: "1s",
    deploy: { endpoint_mode: "dnsrr", labels: { [`coop-cloud.${bot}.recipe`]: "backup-bot-two" } },
  };
  const file = join(folder, "bot.yml");
  writeFileSync(file, JSON.stringify({ version: "3.8", services: { app } }));
  docker("stack", "deploy", "--resolve-image", "never", "--compose-file", file, bot);
  return bot;
}

function deployForeign({ app, folder }: Bench): void {
  const provider = {
    image: IMAGE,
    command: ["sleep", "600"],
    stop_grace_period: "1s",
    deploy: { endpoint_mode: "dnsrr" },
  };
  const file = join(folder, "foreign.yml");
  writeFileSync(file, JSON.stringify({ version: "3.8", services: { provider } }));
  docker("stack", "deploy", "--resolve-image", "never", "--compose-file", file, app.stack);
}

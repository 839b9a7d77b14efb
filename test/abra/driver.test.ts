import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { stackName } from "../../src/core/stack-name.ts";
import { bad, good } from "../support/outcome.ts";
import { openBench } from "./bench.ts";
import { notesFiles, notesUpstream } from "./notes-recipe.ts";
import { cleanAfterwards, docker, ensureImage, inService, leftOf, whyNoSwarm } from "./swarm.ts";

const missing = whyNoSwarm();
const [OLD, NEW] = ["1.0.0+1.0.0", "1.1.0+1.1.0"];

describe.skipIf(missing !== null)(`the driver of abra${missing === null ? "" : ` (${missing})`}`, () => {
  beforeAll(ensureImage);

  it("deploys, upgrades, stops and starts an app on its own data and secrets, and leaves nothing of it", async () => {
    const { driver, app, step, source, folder, warnings } = openBench(notesUpstream);
    const [older, newer] = [source(OLD), source(NEW)];
    good(await driver.deploy(app, older, null, step));
    expect(good(await driver.running(app, older, step))).toMatchObject({
      version: OLD,
      images: [{ service: "app" }],
    });
    expect(good(await driver.isDeployed(app, step))).toBe(true);
    expect(inService(app.stack, "app", "sh", "-c", "echo $GREETING")).toBe("good 'day' $HOME");
    inService(app.stack, "app", "sh", "-c", "echo written by 1.0.0 > /data/notes");
    const password = inService(app.stack, "app", "cat", "/run/secrets/db_password");
    expect(password).toMatch(/^[0-9a-f]{24}$/);

    const evidence = join(folder, "evidence");
    expect(await driver.collectEvidence(app, older, evidence, step)).toMatchObject([
      { service: `${app.stack}_app`, lastLogLines: [expect.stringMatching(/\*\*\*$/)], failedTasks: [] },
    ]);
    const collected = readdirSync(evidence).map((name) => readFileSync(join(evidence, name), "utf8"));
    expect(collected.join("\n")).not.toContain(password);

    good(await driver.deploy(app, newer, older, step));
    expect(good(await driver.running(app, newer, step)).version).toBe(NEW);
    expect(inService(app.stack, "app", "sh", "-c", "echo $RELEASE")).toBe("1.1.0");
    expect(good(await driver.kept(app, step))).toMatchObject({ secrets: { db_password: password } });
    expect(good(await driver.secretsAndConfigs(app, step))).toEqual({
      secrets: [`${app.stack}_db_password_v1`],
      configs: [],
    });
    expect(good(await driver.volumes(app, step))).toMatchObject([{ name: `${app.stack}_data` }]);

    good(await driver.undeploy(app, newer, step));
    expect(leftOf(app.stack)).toEqual([`volume ${app.stack}_data`, `secret ${app.stack}_db_password_v1`]);
    expect(good(await driver.isDeployed(app, step))).toBe(false);
    good(await driver.undeploy(app, newer, step));

    good(await driver.deploy(app, newer, null, step));
    expect(inService(app.stack, "app", "cat", "/data/notes")).toBe("written by 1.0.0");
    expect(inService(app.stack, "app", "cat", "/run/secrets/db_password")).toBe(password);

    good(await driver.remove(app, step));
    good(await driver.remove(app, step));
    expect(leftOf(app.stack)).toEqual([]);
    expect(good(await driver.inventory(app, null, step))).toEqual({ ours: [], foreign: [] });
    expect(readdirSync(join(folder, "state/ledger/main"))).toEqual([]);
    expect(readFileSync(join(folder, "step.log"), "utf8")).not.toContain(password);
    expect(warnings).toEqual([]);
  });

  it("lost-secrets: starts a canonical from its kept files on its own volume, in another run", async () => {
    const { driver, app, again, step, source, commands } = openBench(notesUpstream, {
      app: { instance: "warm" },
    });
    good(await driver.deploy(app, source(OLD), null, step));
    inService(app.stack, "app", "sh", "-c", "cat /run/secrets/db_password > /data/password");
    const kept = good(await driver.kept(app, step));
    good(await driver.undeploy(app, source(OLD), step));
    docker("secret", "rm", `${app.stack}_db_password_v1`);

    const later = again({ run: "later-run", kept });
    good(await driver.deploy(later, source(NEW), null, step));
    expect(inService(app.stack, "app", "cat", "/run/secrets/db_password")).toBe(kept.secrets.db_password);
    expect(inService(app.stack, "app", "cat", "/data/password")).toBe(kept.secrets.db_password);
    expect(commands.map(({ command }) => command).join("\n")).not.toContain(kept.secrets.db_password);
    expect(good(await driver.kept(later, step)).secrets).toEqual(kept.secrets);
    good(await driver.remove(later, step));
    expect(leftOf(app.stack)).toEqual([]);
  });

  it("brings volumes and secrets back to a snapshot, and copies data to an app of its own", async () => {
    const { driver, app, again, step, source, folder } = openBench(notesUpstream);
    good(await driver.deploy(app, source(OLD), null, step));
    inService(app.stack, "app", "sh", "-c", "echo before > /data/notes");
    expect(bad(await driver.snapshot(app, join(folder, "torn"), step))).toMatchObject({ cause: "refused" });
    good(await driver.undeploy(app, source(OLD), step));
    good(await driver.snapshot(app, join(folder, "snapshot"), step));

    const copy = again({ domain: `copy-${app.domain}`, stack: stackName(`copy-${app.domain}`) });
    cleanAfterwards(copy.stack);
    good(await driver.copyData(app, copy, step));
    good(await driver.deploy({ ...copy, kept: good(await driver.kept(app, step)) }, source(NEW), null, step));
    expect(inService(copy.stack, "app", "cat", "/data/notes")).toBe("before");
    good(await driver.remove(copy, step));
    expect(leftOf(copy.stack)).toEqual([]);

    docker("volume", "rm", `${app.stack}_data`);
    docker("secret", "rm", `${app.stack}_db_password_v1`);
    good(await driver.restoreSnapshot(app, join(folder, "snapshot"), step));
    good(await driver.syncData(app, step));
    good(await driver.deploy(app, source(OLD), null, step));
    expect(inService(app.stack, "app", "cat", "/data/notes")).toBe("before");
    good(await driver.remove(app, step));
    expect(leftOf(app.stack)).toEqual([]);
  });

  it("backs an app up through a terminal, and restores that very snapshot", async () => {
    const { driver, app, step, source, folder } = openBench(notesUpstream);
    const release = source(NEW);
    expect(await driver.declaresBackups(app, release, step)).toEqual({ declared: true });
    good(await driver.deploy(app, release, null, step));
    inService(app.stack, "app", "sh", "-c", "echo precious > /data/notes");
    const first = good(await driver.backup(app, release, join(folder, "backup-1"), step));
    expect(first).toMatchObject({ files: 1, bytes: "precious\n".length });
    inService(app.stack, "app", "sh", "-c", "echo other > /data/notes");
    good(await driver.backup(app, release, join(folder, "backup-2"), step));
    inService(app.stack, "app", "rm", "/data/notes", "/data/dump");
    good(await driver.restore(app, release, join(folder, "backup-1"), first.id, step));
    expect(inService(app.stack, "app", "cat", "/data/notes")).toBe("precious");
    good(await driver.remove(app, step));
  });

  it("sees that a backup which exits with 0 has nothing in it", async () => {
    const labels = [
      "backupbot.backup=true",
      "backupbot.backup.pre-hook=touch /data/dump",
      "backupbot.backup.volumes.data.path=dump",
    ];
    const { driver, app, step, source, folder } = openBench((path) => notesUpstream(path, { labels }));
    good(await driver.deploy(app, source(NEW), null, step));
    const empty = good(await driver.backup(app, source(NEW), join(folder, "backup"), step));
    expect(empty).toMatchObject({ files: 1, bytes: 0 });
    good(await driver.remove(app, step));
  });

  it("deploys a commit that is no release by what is checked out, and knows it by its commit", async () => {
    const { driver, app, step, source, upstream } = openBench(notesUpstream);
    const commit = upstream.commit(notesFiles("unreleased"), { branch: "work", from: "main" });
    const draft = { ...source(commit), version: commit.slice(0, 12) };
    good(await driver.deploy(app, draft, null, step));
    expect(inService(app.stack, "app", "sh", "-c", "echo $RELEASE")).toBe("unreleased");
    expect(good(await driver.running(app, draft, step)).version).toBe(commit.slice(0, 12));
    expect(good(await driver.running(app, source(NEW), step)).version).toBe(null);
    good(await driver.remove(app, step));
    expect(existsSync(join(app.scratch, "abra"))).toBe(false);
  });
});

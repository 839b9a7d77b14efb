import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { commandBed, NOTES_COMMANDS } from "../support/command-app.ts";
import { bad, good } from "../support/outcome.ts";

function fill(folder: string, text: string): void {
  mkdirSync(join(folder, "deep"), { recursive: true });
  writeFileSync(join(folder, "notes.txt"), text, { mode: 0o640 });
  writeFileSync(join(folder, "deep/empty"), "");
  linkSync(join(folder, "notes.txt"), join(folder, "deep/linked"));
  symlinkSync("../notes.txt", join(folder, "deep/symbolic"));
}

it("a snapshot has all of the data, links and modes included, and comes back whole", async () => {
  const { driver, app, recorded, state } = commandBed(NOTES_COMMANDS);
  const snapshot = join(state, "snapshot");
  fill(app.data, "old");
  good(await driver.snapshot(app, snapshot, recorded.step));
  writeFileSync(join(app.data, "notes.txt"), "new");
  writeFileSync(join(app.data, "added"), "by the new release");
  good(await driver.restoreSnapshot(app, snapshot, recorded.step));
  expect(readdirSync(app.data).sort()).toEqual(["deep", "notes.txt"]);
  expect(readFileSync(join(app.data, "deep/symbolic"), "utf8")).toBe("old");
  expect(lstatSync(join(app.data, "notes.txt"))).toMatchObject({ nlink: 2, mode: 0o100640 });
  good(await driver.syncData(app, recorded.step));
});

it("a restore that was killed at any point can be repeated", async () => {
  const { driver, app, recorded, state } = commandBed(NOTES_COMMANDS);
  const snapshot = join(state, "snapshot");
  fill(app.data, "old");
  good(await driver.snapshot(app, snapshot, recorded.step));
  const half = join(app.scratch, ".data.incoming");
  const outgoing = join(app.scratch, ".data.outgoing");
  mkdirSync(half);
  writeFileSync(join(half, "half"), "copied");
  fill(outgoing, "new");
  rmSync(app.data, { recursive: true });
  good(await driver.restoreSnapshot(app, snapshot, recorded.step));
  expect(readFileSync(join(app.data, "notes.txt"), "utf8")).toBe("old");
  expect(existsSync(join(app.data, "half"))).toBe(false);
  expect([existsSync(half), existsSync(outgoing)]).toEqual([false, false]);
});

it("the snapshot of an app without data brings it back to having none", async () => {
  const { driver, app, recorded, state } = commandBed(NOTES_COMMANDS);
  const snapshot = join(state, "snapshot");
  good(await driver.snapshot(app, snapshot, recorded.step));
  fill(app.data, "new");
  good(await driver.restoreSnapshot(app, snapshot, recorded.step));
  expect(existsSync(app.data)).toBe(false);
  expect(good(await driver.volumes(app, recorded.step))).toEqual([]);
});

it("a copy goes only to an app that has no data", async () => {
  const bed = commandBed(NOTES_COMMANDS);
  const { driver, app, recorded } = bed;
  const warm = bed.appOf("notes", "warm");
  fill(warm.data, "canonical");
  mkdirSync(app.data, { recursive: true });
  good(await driver.copyData(warm, app, recorded.step));
  expect(readFileSync(join(app.data, "notes.txt"), "utf8")).toBe("canonical");
  expect(bad(await driver.copyData(warm, app, recorded.step)).cause).toBe("refused");
});

it("a hard link counts once in the size of a volume", async () => {
  const { driver, app, recorded } = commandBed(NOTES_COMMANDS);
  fill(app.data, "12345");
  expect(good(await driver.volumes(app, recorded.step))).toMatchObject([{ name: "data", bytes: 5 }]);
});

it("a sparse file says its length, and uses what it has of the disk", async () => {
  const { driver, app, recorded } = commandBed(NOTES_COMMANDS);
  fill(app.data, "12345");
  truncateSync(join(app.data, "notes.txt"), 60 * 1024 ** 3);
  const [volume] = good(await driver.volumes(app, recorded.step));
  expect(volume?.bytes).toBe(60 * 1024 ** 3);
  expect(volume?.used).toBeLessThan(1024 ** 2);
});

it("a backup begins with an empty folder and says what is in it, an empty one too", async () => {
  const bed = commandBed({
    ...NOTES_COMMANDS,
    backup: 'cp -r "$SWEEP_DATA/." "$SWEEP_BACKUP"',
    restore: 'cp -r "$SWEEP_BACKUP/." "$SWEEP_DATA"',
  });
  const { driver, app, source, recorded, state } = bed;
  const into = join(state, "backup");
  mkdirSync(into);
  writeFileSync(join(into, "stale"), "of another backup");
  mkdirSync(app.data, { recursive: true });
  expect(good(await driver.backup(app, source, into, recorded.step))).toMatchObject({
    files: 0,
    bytes: 0,
  });
  writeFileSync(join(app.data, "notes.txt"), "precious");
  const backup = good(await driver.backup(app, source, into, recorded.step));
  expect(backup).toMatchObject({ files: 1, bytes: 8 });
  rmSync(join(app.data, "notes.txt"));
  good(await driver.restore(app, source, into, backup.id, recorded.step));
  expect(readFileSync(join(app.data, "notes.txt"), "utf8")).toBe("precious");
});

it("lost-secrets: the variables that an app was started with are kept, and start it again", async () => {
  const { driver, app, source, recorded } = commandBed({
    deploy: 'printf "%s|%s" "$CLIENT_SECRET" "$GREETING" > "$SWEEP_DATA/seen"',
    undeploy: "true",
  });
  const env = { CLIENT_SECRET: 'a "quoted"\nsecret $HOME', GREETING: "hello" };
  const kept = good(await driver.kept({ ...app, env }, recorded.step));
  good(await driver.deploy({ ...app, kept, env: { GREETING: "changed" } }, source, null, recorded.step));
  expect(readFileSync(join(app.data, "seen"), "utf8")).toBe('a "quoted"\nsecret $HOME|changed');
  expect(good(await driver.kept(app, recorded.step))).toEqual({ env: null, secrets: {} });
});

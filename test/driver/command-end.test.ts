import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { commandAppUnderTest, DEAF_DEPLOY, NOTES_COMMANDS, processesWith } from "../support/command-app.ts";
import { bad, good } from "../support/outcome.ts";

it("undeploy stops the app, keeps its data, can be repeated, and runs nothing where nothing was deployed", async () => {
  const { driver, app, source, recorded, log } = commandAppUnderTest(NOTES_COMMANDS);
  good(await driver.undeploy(app, null, recorded.step));
  expect(log()).not.toContain("$ undeploy");
  good(await driver.deploy(app, source, null, recorded.step));
  writeFileSync(join(app.data, "notes.txt"), "kept\n");
  good(await driver.undeploy(app, source, recorded.step));
  expect(good(await driver.isDeployed(app, recorded.step))).toBe(false);
  expect(readFileSync(join(app.data, "notes.txt"), "utf8")).toBe("kept\n");
  good(await driver.undeploy(app, source, recorded.step));
  expect(recorded.warnings).toEqual([]);
});

it("an app that its undeploy leaves running, deaf to TERM, is ended and named", async () => {
  const { driver, app, source, recorded } = commandAppUnderTest({
    ...NOTES_COMMANDS,
    deploy: DEAF_DEPLOY,
    undeploy: "true",
  });
  good(await driver.deploy(app, source, null, recorded.step));
  good(await driver.undeploy(app, source, recorded.step));
  expect(recorded.warnings).toEqual([expect.stringContaining("notes-server.mjs")]);
  expect(processesWith(`SWEEP_DATA=${app.data}`)).toEqual([]);
});

it("an undeploy that fails though nothing runs is a warning: what is read back decides", async () => {
  const undeploy = `${NOTES_COMMANDS.undeploy}; echo "cannot reach the balancer" >&2; exit 1`;
  const { driver, app, source, recorded } = commandAppUnderTest({ ...NOTES_COMMANDS, undeploy });
  good(await driver.deploy(app, source, null, recorded.step));
  good(await driver.undeploy(app, source, recorded.step));
  expect(recorded.warnings).toEqual([expect.stringMatching(/yet nothing runs: cannot reach the balancer/)]);
});

it("already-deployed: an idle app that runs without our environment is seen by its version, and undeployed", async () => {
  const underTest = commandAppUnderTest({
    ...NOTES_COMMANDS,
    deploy: NOTES_COMMANDS.deploy.replace("setsid", "setsid env -i"),
  });
  const { driver, source, recorded } = underTest;
  const app = underTest.appOf("notes", "warm");
  good(await driver.deploy(app, source, null, recorded.step));
  expect(processesWith(`SWEEP_DATA=${app.data}`)).toEqual([]);
  expect(good(await driver.isDeployed(app, recorded.step))).toBe(true);
  good(await driver.undeploy(app, source, recorded.step));
  expect(good(await driver.isDeployed(app, recorded.step))).toBe(false);
});

it("an undeploy that exits 0 while the app still answers is a failure", async () => {
  const underTest = commandAppUnderTest({
    ...NOTES_COMMANDS,
    deploy: NOTES_COMMANDS.deploy.replace("setsid", "setsid env -i"),
    undeploy: "true",
  });
  const { driver, app, source, recorded } = underTest;
  good(await driver.deploy(app, source, null, recorded.step));
  const pid = Number(readFileSync(join(app.data, "run/pid"), "utf8"));
  expect(bad(await driver.undeploy(app, source, recorded.step)).message).toContain("still answers 1.0.0+v1");
  process.kill(pid, "SIGKILL");
});

it("a version that is read from a file does not make an app that does not answer a deployed one", async () => {
  const commands = {
    deploy: 'echo 1 > "$SWEEP_DATA/version"',
    undeploy: "true",
    version: 'cat "$SWEEP_DATA/version"',
  };
  for (const url of ["echo http://127.0.0.1:1/", "cat none", undefined]) {
    const underTest = commandAppUnderTest(url === undefined ? commands : { ...commands, url });
    good(await underTest.driver.deploy(underTest.app, underTest.source, null, underTest.recorded.step));
    expect(good(await underTest.driver.isDeployed(underTest.app, underTest.recorded.step)), url).toBe(false);
  }
});

it("behind the edge an app without a `url` is deployed when its proxy answers for it", async () => {
  const status = { code: 404 };
  const proxy = createServer((_request, response) => response.writeHead(status.code).end());
  const port = await new Promise<number>((resolve) => {
    proxy.listen(0, "127.0.0.1", () => resolve((proxy.address() as AddressInfo).port));
  });
  onTestFinished(() => void proxy.close());
  const underTest = commandAppUnderTest({ deploy: "true", undeploy: "true", version: "echo 1.0.0" });
  const app = { ...underTest.app, edge: { ...underTest.app.edge, port } };
  expect(good(await underTest.driver.isDeployed(app, underTest.recorded.step))).toBe(false);
  status.code = 200;
  expect(good(await underTest.driver.isDeployed(app, underTest.recorded.step))).toBe(true);
});

it("remove leaves nothing, can be repeated, and touches nothing outside of the state folder", async () => {
  const { driver, app, source, recorded, state } = commandAppUnderTest({
    ...NOTES_COMMANDS,
    inventory: 'ls -d "$SWEEP_DATA" 2>/dev/null || true; echo "volume of my-cold-notes.example.org"',
  });
  good(await driver.deploy(app, source, null, recorded.step));
  const { ours } = good(await driver.inventory(app, source, recorded.step));
  expect(ours).toEqual([
    app.data,
    expect.stringMatching(/^process \d+: .*notes-server/),
    `folder ${app.data}`,
  ]);
  good(await driver.remove(app, recorded.step));
  good(await driver.remove(app, recorded.step));
  expect(good(await driver.inventory(app, null, recorded.step))).toEqual({ ours: [], foreign: [] });
  expect(existsSync(app.data)).toBe(false);
  const outside = { ...app, data: `${state}-of-somebody-else` };
  expect(bad(await driver.remove(outside, recorded.step)).cause).toBe("refused");
});

it("the inventory counts a line with the run, but not one that names another app of the same run", async () => {
  const underTest = commandAppUnderTest({
    deploy: "true",
    undeploy: "true",
    inventory: "echo job-of-run-1; echo job of run-1 for cold-sso.example.org; echo job of run-11",
  });
  good(
    await underTest.driver.deploy(
      underTest.appOf("sso", "cold"),
      underTest.source,
      null,
      underTest.recorded.step,
    ),
  );
  const { ours } = good(
    await underTest.driver.inventory(underTest.app, underTest.source, underTest.recorded.step),
  );
  expect(ours).toEqual([]);
  const spaced = commandAppUnderTest({ deploy: "true", undeploy: "true", inventory: "echo job of run-1" });
  const found = good(await spaced.driver.inventory(spaced.app, spaced.source, spaced.recorded.step));
  expect(found.ours).toEqual(["job of run-1"]);
});

it("a dead run's apps are undeployed and its processes ended; a recorded live app stays", async () => {
  const underTest = commandAppUnderTest(NOTES_COMMANDS);
  const { driver, source, recorded } = underTest;
  const live = underTest.appOf("sso", "warm");
  const seed = underTest.appOf("wiki", "warm");
  for (const app of [underTest.app, live, seed]) good(await driver.deploy(app, source, null, recorded.step));
  const removed = good(await driver.removeLeftovers(underTest.app.lane, "test", ["sso"], recorded.step));
  expect(removed).toEqual([
    expect.stringContaining("cold app notes 1.0.0+v1"),
    expect.stringContaining("warm app wiki 1.0.0+v1"),
  ]);
  expect(processesWith(`SWEEP_DATA=${live.data}`)).toHaveLength(1);
  expect(existsSync(underTest.app.data)).toBe(false);
  expect(existsSync(seed.data)).toBe(true);
  expect(good(await driver.removeLeftovers(underTest.app.lane, "test", ["sso"], recorded.step))).toEqual([]);
});

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { commandBed, NOTES_COMMANDS, processesWith, release } from "../support/command-app.ts";
import { bad, good } from "../support/outcome.ts";

it("an app that a deploy leaves in a session of its own goes on, and is read back", async () => {
  const { driver, app, source, recorded } = commandBed(NOTES_COMMANDS);
  good(await driver.deploy(app, source, null, recorded.step));
  const url = good(await driver.url(app, source, recorded.step));
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(await (await fetch(`${url}/`)).text()).toBe("1.0.0+v1");
  expect(good(await driver.running(app, source, recorded.step))).toEqual({
    version: "1.0.0+v1",
    images: [],
  });
  expect(good(await driver.isDeployed(app, recorded.step))).toBe(true);
});

it("a process that a deploy leaves in its own group is ended with it", async () => {
  const { driver, app, source, recorded } = commandBed({ deploy: "sleep 300 & true", undeploy: "true" });
  good(await driver.deploy(app, source, null, recorded.step));
  expect(processesWith(`SWEEP_DATA=${app.data}`)).toEqual([]);
});

it("a command gets the environment of the contract and nothing that was inherited", async () => {
  process.env.SECRET_OF_THE_SHELL = "inherited";
  const { driver, app, source, recorded } = commandBed({
    deploy: 'env -0 > "$SWEEP_DATA/env"',
    undeploy: "true",
  });
  const checkout = join(app.scratch, "checkout");
  mkdirSync(checkout, { recursive: true });
  const env = { GREETING: "hello", PATH: "/evil", SWEEP_RUN: "evil" };
  const base = release("0.9.0+v1");
  good(await driver.deploy({ ...app, env }, { ...source, checkout }, base, recorded.step));
  delete process.env.SECRET_OF_THE_SHELL;
  const seen = Object.fromEntries(
    readFileSync(join(app.data, "env"), "utf8")
      .split("\0")
      .map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
  expect(seen).toMatchObject({
    GREETING: "hello",
    NODE: process.execPath,
    HOME: app.scratch,
    LANG: "C.UTF-8",
    SWEEP_RECIPE: "notes",
    SWEEP_VERSION: "1.0.0+v1",
    SWEEP_COMMIT: "c".repeat(40),
    SWEEP_BASE_VERSION: "0.9.0+v1",
    SWEEP_TIER: "install",
    SWEEP_DOMAIN: "cold-notes.example.org",
    SWEEP_URL: "",
    SWEEP_STACK: "cold-notes_example_org",
    SWEEP_VOLUMES: "",
    SWEEP_SCRATCH: app.scratch,
    SWEEP_RUN: "run-1",
    SWEEP_CHECKOUT: checkout,
    SWEEP_DATA: app.data,
    SWEEP_INSTANCE: "cold",
    SWEEP_BACKUP: "",
  });
  expect(seen.PATH).toMatch(/^\/usr\/local\/sbin:/);
  expect(seen).not.toHaveProperty("SECRET_OF_THE_SHELL");
});

it("wedged-deploy: a time-out ends processes in a session of their own, and names limit and last thing seen", async () => {
  const deploy = 'setsid sleep 300 & echo "pulling layer 3"; sleep 300';
  const { driver, app, source, recorded } = commandBed({ deploy, undeploy: "true" }, 400);
  const failure = bad(await driver.deploy(app, source, null, recorded.step));
  expect(failure).toMatchObject({
    cause: "timeout",
    step: "deploy",
    limitMs: 400,
    lastSeen: "pulling layer 3",
  });
  expect(failure.message).toContain("timeouts.deploy");
  expect(processesWith(`SWEEP_DATA=${app.data}`)).toEqual([]);
});

it("a stop ends a deploy and is no fault of the recipe", async () => {
  const { driver, app, source, recorded } = commandBed({ deploy: "sleep 300", undeploy: "true" });
  const deploying = driver.deploy(app, source, null, recorded.step);
  recorded.stop.abort();
  expect(bad(await deploying).cause).toBe("interrupted");
});

it("a deploy that fails is red in the app's own words", async () => {
  const deploy = 'echo starting; echo "Error: relation missing" >&2; echo bye; exit 3';
  const { driver, app, source, recorded } = commandBed({ deploy, undeploy: "true" });
  const failure = bad(await driver.deploy(app, source, null, recorded.step));
  expect(failure).toMatchObject({ cause: "recipe", step: "deploy", message: "Error: relation missing" });
});

it("missing-tool: a deploy that misses a tool is machinery; one that goes on without it gets a warning", async () => {
  const missing = commandBed({ deploy: "no-such-deployer up", undeploy: "true" });
  const failure = bad(await missing.driver.deploy(missing.app, missing.source, null, missing.recorded.step));
  expect(failure).toMatchObject({ cause: "machinery", message: expect.stringContaining("no-such-deployer") });
  const lenient = commandBed({ deploy: "no-such-decoration || true", undeploy: "true" });
  good(await lenient.driver.deploy(lenient.app, lenient.source, null, lenient.recorded.step));
  expect(lenient.recorded.warnings).toEqual([expect.stringContaining("no-such-decoration")]);
});

it("an error in the middle of a pipe is a failure", async () => {
  const { driver, app, source, recorded } = commandBed({ deploy: "false | cat", undeploy: "true" });
  expect(bad(await driver.deploy(app, source, null, recorded.step)).message).toContain("exited with 1");
});

it("`url` may fail before a deploy, and any address but http is refused", async () => {
  const { driver, app, source, recorded } = commandBed(NOTES_COMMANDS);
  expect(bad(await driver.url(app, source, recorded.step)).message).toContain("http address");
  const half = commandBed({ ...NOTES_COMMANDS, url: "echo http://127.0.0.1:$(cat missing)" });
  expect(bad(await half.driver.url(half.app, half.source, half.recorded.step)).step).toBe("url");
  const odd = commandBed({ ...NOTES_COMMANDS, url: "echo file:///etc/passwd" });
  expect(bad(await odd.driver.url(odd.app, odd.source, odd.recorded.step)).message).toContain("file:///etc");
  const silent = commandBed({ deploy: "true", undeploy: "true" });
  expect(good(await silent.driver.url(silent.app, silent.source, silent.recorded.step))).toBeNull();
});

it("the log is kept as evidence and its last lines are returned", async () => {
  const bed = commandBed({ ...NOTES_COMMANDS, logs: "seq 1 30; echo panic: no disk >&2" });
  const { driver, app, source, recorded } = bed;
  good(await driver.deploy(app, source, null, recorded.step));
  const folder = join(bed.state, "evidence");
  const [service] = await driver.collectEvidence(app, source, folder, recorded.step);
  expect(service).toMatchObject({ service: "app", state: "running", failedTasks: [] });
  expect(service?.lastLogLines).toContain("30");
  expect(readFileSync(join(folder, "app.log"), "utf8")).toContain("panic: no disk");
});

it("secrets of the app's variables are not in the log that is kept", async () => {
  const bed = commandBed({
    deploy: "true",
    undeploy: "true",
    logs: 'echo "login with $SMTP_PASSWORD at $SMTP_HOST"',
  });
  const app = { ...bed.app, env: { SMTP_PASSWORD: "correct horse", SMTP_HOST: "mail.example.org" } };
  const folder = join(bed.state, "evidence");
  const [service] = await bed.driver.collectEvidence(app, bed.source, folder, bed.recorded.step);
  expect(service?.lastLogLines).toEqual(["login with *** at mail.example.org"]);
  expect(readFileSync(join(folder, "app.log"), "utf8")).not.toContain("correct horse");
});

it("backups are declared only by both commands, and an act without its command is refused", async () => {
  const half = commandBed({ ...NOTES_COMMANDS, backup: "true" });
  expect(await half.driver.declaresBackups(half.app, half.source, half.recorded.step)).toMatchObject({
    declared: false,
  });
  const failure = bad(
    await half.driver.restore(half.app, half.source, half.state, "folder", half.recorded.step),
  );
  expect(failure).toMatchObject({ cause: "refused", message: expect.stringContaining("restore") });
});

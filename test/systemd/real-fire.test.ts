import { chmodSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Report } from "../../src/core/records/report.ts";
import { script } from "../support/sample-app.ts";
import { isWaiting, letGo } from "../support/waiting.ts";
import { createWorld, labelsOf, type SampleRecipe, type World } from "../support/world.ts";
import {
  describeOnSystemd,
  type Machine,
  NODE_THERE,
  PROGRAM_THERE,
  SERVER_THERE,
  startMachine,
} from "./machine.ts";

const SERVICE = "canonical-sweep-sweep.service";
const TIMER = "canonical-sweep-sweep.timer";
const DAEMON = "canonical-sweep.service";
/** Its time says when the timer fired last. */
const STAMP = `/var/lib/systemd/timers/stamp-${TIMER}`;
const WAITS = script(
  "[ -e /srv/world/wait ] || exit 0",
  "touch /srv/world/waiting",
  "until [ -e /srv/world/go ]; do sleep 0.05; done",
);

describeOnSystemd("under a real systemd", () => {
  const ends: (() => void | Promise<void>)[] = [];
  let world: World;
  let machine: Machine;
  let notes: SampleRecipe;

  beforeAll(async () => {
    const environment = { NODE: NODE_THERE, SERVER: SERVER_THERE };
    world = createWorld({ upstream: "../upstreams/{recipe}", listen: "127.0.0.1:8390", environment }, (end) =>
      ends.push(end),
    );
    notes = world.recipe("notes", { releases: ["1.0.0+1"], files: { "tests/custom/waits": WAITS } });
    world.recipe("pad", { releases: ["2.0.0+1"] });
    mkdirSync(world.state);
    chmodSync(world.root, 0o755);
    machine = await startMachine(world.root);
    ends.push(machine.close);
  });

  afterAll(async () => {
    for (const end of ends.toReversed()) await end();
  });

  const cronIn = (seconds: number) => {
    const at = new Date(Date.now() + seconds * 1000);
    return `${at.getUTCSeconds()} ${at.getUTCMinutes()} ${at.getUTCHours()} * * *`;
  };
  const writeUnits = (settings: Readonly<Record<string, unknown>>) => {
    world.configure(settings);
    machine.program("units", "--write", "/etc/systemd/system");
    machine.run("systemctl", "daemon-reload");
  };
  const sweptAfter = async (act: () => void): Promise<Report> => {
    const before = reports();
    act();
    await vi.waitUntil(() => reports() > before && state(SERVICE) !== "active", {
      timeout: 90_000,
      interval: 200,
    });
    return world.report();
  };
  const reports = () => world.runs().filter((run) => world.read("runs", run, "report.json") !== null).length;
  const state = (unit: string) => machine.show(unit, "ActiveState");
  const journal = (unit: string) => machine.run("journalctl", "--no-pager", "--output=cat", "--unit", unit);

  it("the units that `units` writes verify without a word, and their exposure is at most 3.6", () => {
    writeUnits({ schedule: "0 3 * * 0" });
    const files = [DAEMON, SERVICE, TIMER].map((name) => `/etc/systemd/system/${name}`);
    expect(machine.try("systemd-analyze", "verify", ...files)).toEqual({ exit: 0, output: "" });
    for (const unit of [DAEMON, SERVICE]) {
      const said = machine.run("systemd-analyze", "security", "--no-pager", unit);
      expect(Number(/Overall exposure level for \S+: ([\d.]+)/.exec(said)?.[1])).toBeLessThanOrEqual(3.6);
    }
  });

  it("real-fire: the timer fires, every tool is found, recipes are swept and an older canonical advances", async () => {
    // It was there before its moment: on a slow host it may be started only after that.
    machine.run("mkdir", "-p", "/var/lib/systemd/timers");
    machine.run("touch", STAMP);
    writeUnits({ schedule: cronIn(12) });
    const first = await sweptAfter(() => machine.run("systemctl", "start", TIMER));
    expect(first).toMatchObject({ trigger: "timer", exit: 0, configuration: { path: "/srv/world/config" } });
    expect(labelsOf(first)).toEqual({ notes: "PASS (promoted 1.0.0+1)", pad: "PASS (promoted 2.0.0+1)" });
    expect(machine.show(SERVICE, "Result")).toBe("success");
    notes.publish("1.1.0+1");
    writeUnits({ schedule: cronIn(12) });
    const second = await sweptAfter(() => machine.run("systemctl", "restart", TIMER));
    expect(labelsOf(second)).toEqual({ notes: "PASS (promoted 1.1.0+1)", pad: "SKIP no-new-version" });
    expect(notes.record()?.version).toBe("1.1.0+1");
  });

  it("timer-weekly-and-missed: a machine that was off catches up once", async () => {
    machine.run("systemctl", "stop", TIMER);
    writeUnits({ schedule: "0 3 * * 0" });
    machine.run("touch", "--date=15 days ago", STAMP);
    const caughtUp = await sweptAfter(() => machine.run("systemctl", "start", TIMER));
    expect(caughtUp).toMatchObject({ trigger: "timer", exit: 0 });
    const runs = world.runs();
    machine.run("systemctl", "restart", TIMER);
    expect(machine.show(TIMER, "NextElapseUSecRealtime")).toMatch(/^Sun .* 03:00:00 UTC$/);
    expect([world.runs(), state(SERVICE)]).toEqual([runs, "inactive"]);
    machine.run("systemctl", "stop", TIMER);
  });

  it("git-lfs-on-one-path: what only a shell has on its PATH changes nothing; what all have is named first", async () => {
    const fake = "#!/bin/sh\necho 'git-lfs/3.9.9'\n";
    machine.write("/home/op/bin/git-lfs", fake);
    machine.run("chmod", "755", "/home/op/bin/git-lfs");
    const byTimer = world.report().environment;
    machine.run(
      "env",
      "PATH=/home/op/bin:/usr/bin:/bin",
      NODE_THERE,
      PROGRAM_THERE,
      "--config",
      "/srv/world/config",
      "sweep",
    );
    expect(world.report()).toMatchObject({
      trigger: "manual",
      environment: { fingerprint: byTimer.fingerprint, changes: [] },
    });
    machine.run("cp", "/home/op/bin/git-lfs", "/usr/local/bin/git-lfs");
    const { environment, run } = await sweptAfter(() => machine.run("systemctl", "start", SERVICE));
    expect(environment.fingerprint).not.toBe(byTimer.fingerprint);
    expect(environment.changes.join()).toContain("git-lfs");
    const said =
      journal(SERVICE)
        .split(/^Started canonical-sweep.*$/m)
        .at(-1) ?? "";
    expect(said).toContain('"msg":"decided"');
    expect(said.split('"msg":"decided"')[0]).toMatch(/a tool differs from the last sweep's: git-lfs/);
    expect(run).toBe(world.runs().at(-1));
  });

  it("real-fire-missing-bash: the preflight names it, exit 5, the unit fails and no recipe is red", async () => {
    machine.run("mkdir", "-p", "/opt/tools");
    machine.run("mv", "/usr/bin/bash", "/opt/tools/bash");
    const runs = world.runs();
    machine.run("systemctl", "start", SERVICE);
    await vi.waitUntil(() => state(SERVICE) === "failed", { timeout: 30_000, interval: 200 });
    expect(machine.show(SERVICE, "ExecMainStatus")).toBe("5");
    expect(journal(SERVICE)).toContain("bash is missing: it is not in ");
    expect(world.runs()).toEqual(runs);
    writeUnits({ path: ["/opt/tools"] });
    const mended = await sweptAfter(() => machine.run("systemctl", "start", SERVICE));
    expect(mended.exit).toBe(0);
    machine.run("mv", "/opt/tools/bash", "/usr/bin/bash");
    writeUnits({ path: [] });
  });

  it("stale-checkout: the report says which program ran, with which configuration", async () => {
    const root = dirname(dirname(PROGRAM_THERE));
    machine.run("mkdir", "-p", "/opt/old");
    machine.run("cp", "-r", join(root, "dist"), join(root, "package.json"), "/opt/old/");
    machine.run("ln", "-s", join(root, "node_modules"), "/opt/old/node_modules");
    machine.run("sed", "-i", 's/"version": .*/"version": "0.0.9",/', "/opt/old/package.json");
    machine.run(
      NODE_THERE,
      "/opt/old/dist/main.js",
      "--config",
      "/srv/world/config",
      "units",
      "--write",
      "/etc/systemd/system",
    );
    machine.run("systemctl", "daemon-reload");
    const report = await sweptAfter(() => machine.run("systemctl", "start", SERVICE));
    expect(report).toMatchObject({
      program: { version: "0.0.9" },
      configuration: { path: "/srv/world/config" },
    });
    writeUnits({});
  });

  it("hollow-sweep: without the recipe folder the unit fails with 4, and the first line says why", async () => {
    machine.run("mv", "/srv/world/config/recipes", "/srv/world/recipes");
    const report = await sweptAfter(() => machine.run("systemctl", "start", SERVICE));
    await vi.waitUntil(() => state(SERVICE) === "failed", { timeout: 30_000, interval: 200 });
    expect(machine.show(SERVICE, "ExecMainStatus")).toBe("4");
    expect(report.honesty.hollow).toBe(true);
    expect(world.read("runs", report.run, "report.md")?.split("\n").slice(0, 4).join()).toContain("HOLLOW");
    machine.run("mv", "/srv/world/recipes", "/srv/world/config/recipes");
    machine.run("systemctl", "reset-failed", SERVICE);
  });

  it("the daemon is ready, reloads, is restarted where it is wedged or killed, and stops in mid-sweep", async () => {
    writeUnits({ schedule: "0 3 * * 0" });
    machine.write(
      `/etc/systemd/system/${DAEMON}.d/test.conf`,
      "[Service]\nWatchdogSec=6s\nTimeoutAbortSec=2s\nRestartSec=1s\nReadWritePaths=/srv/world\n",
    );
    machine.run("systemctl", "daemon-reload");
    machine.run("systemctl", "start", DAEMON);
    expect([state(DAEMON), machine.show(DAEMON, "StatusText")]).toEqual([
      "active",
      expect.stringMatching(/^next sweep /),
    ]);
    const pid = () => machine.show(DAEMON, "MainPID");
    const restarts = () => Number(machine.show(DAEMON, "NRestarts"));
    const firstPid = pid();
    world.configure({ schedule: "0 4 * * 0" });
    machine.run("systemctl", "reload", DAEMON);
    await vi.waitUntil(() => machine.show(DAEMON, "StatusText").includes("T04:00"), {
      timeout: 15_000,
      interval: 200,
    });
    expect(pid()).toBe(firstPid);
    machine.run("sh", "-c", `kill -STOP ${firstPid}`);
    await vi.waitUntil(() => restarts() === 1 && state(DAEMON) === "active", {
      timeout: 40_000,
      interval: 200,
    });
    expect(journal(DAEMON)).toContain("Watchdog timeout");
    machine.run("sh", "-c", `kill -KILL ${pid()}`);
    await vi.waitUntil(() => restarts() === 2 && state(DAEMON) === "active", {
      timeout: 20_000,
      interval: 200,
    });
    const before = notes.recordText();
    notes.publish("1.2.0+1");
    machine.run("touch", "/srv/world/wait");
    world.configure({ schedule: cronIn(6) });
    machine.run("systemctl", "reload", DAEMON);
    await vi.waitUntil(() => isWaiting(world), { timeout: 60_000, interval: 100 });
    machine.run("systemctl", "stop", DAEMON);
    expect([state(DAEMON), machine.show(DAEMON, "Result")]).toEqual(["inactive", "success"]);
    expect(world.report()).toMatchObject({ trigger: "daemon", exit: 143 });
    expect(labelsOf(world.report())).toMatchObject({ notes: "NOT-RUN (interrupted)" });
    expect(notes.recordText()).toBe(before);
    letGo(world);
  });
});

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SAYS_ITS_VERSION, script, VERIFY } from "../support/sample-app.ts";
import { answerOf, createWorld, labelsOf, rowOf, until, type World } from "../support/world.ts";

/** A test that says that it runs and then waits until it is let go, or for ever. */
const waits = (world: World) =>
  script(`touch ${world.root}/waiting`, `until [ -e ${world.root}/go ]; do sleep 0.05; done`);
const isWaiting = (world: World) => existsSync(join(world.root, "waiting"));
const letGo = (world: World) => writeFileSync(join(world.root, "go"), "");

describe("two runs", () => {
  it("two-sweeps: the second exits 75 and names who holds the lock since when; the first goes on", async () => {
    const world = createWorld();
    world.recipe("notes", { releases: ["1.0.0+1"], files: { "tests/custom/waits": waits(world) } });
    const first = world.start("--json", "sweep");
    await until(() => isWaiting(world));
    const run = world.runs().at(-1) ?? "none";
    for (const words of [
      ["sweep"],
      ["run", "notes"],
      ["clean"],
      ["revoke", "notes", "--reason", "r"],
      ["roll"],
      ["adopt", "notes", "--version", "1.0.0+1"],
    ]) {
      const second = await world.call(...words);
      expect(second.exit, words.join(" ")).toBe(75);
      expect(second.stderr).toContain(`run ${run}`);
      expect(second.stderr).toMatch(/since \d{4}-\d\d-\d\dT/);
      expect(second.stderr).toContain(`process ${first.child.pid}`);
      expect(second.stdout).toBe("");
    }
    letGo(world);
    const end = await first.end;
    expect(end.exit, end.stderr).toBe(0);
    expect(labelsOf(JSON.parse(end.stdout))).toEqual({ notes: "PASS (promoted 1.0.0+1)" });
  });

  it("two-sweeps: the sweep's limit ends a wedged one, its children and grandchildren included", async () => {
    const world = createWorld({ timeouts: { sweep: "8s" } });
    const wedged = world.recipe("a-wedged");
    wedged.publish(
      "1.0.0+1",
      "trap '' TERM; setsid bash -c \"trap '' TERM; sleep 600; :\" & (trap '' TERM; sleep 600; :) & wait",
    );
    world.recipe("b-waits", { releases: ["1.0.0+1"] });
    const { document, exit } = await world.json("sweep");
    expect(labelsOf(document)).toEqual({
      "a-wedged": "NOT-RUN (sweep-deadline)",
      "b-waits": "NOT-RUN (sweep-deadline)",
    });
    expect(exit).toBe(3);
    expect(world.processes()).toEqual([]);
    expect(wedged.record()).toBeNull();
  });

  it("`plan` beside a sweep stands on what is cached, and says so", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", {
      releases: ["1.0.0+1"],
      files: { "tests/custom/waits": waits(world) },
    });
    const sweep = world.start("sweep");
    await until(() => isWaiting(world));
    notes.publish("1.1.0+1");
    const beside = await world.json<{ rows: { latest: { version: string } }[]; notes: string[] }>("plan");
    expect(beside.document.rows[0]?.latest.version).toBe("1.0.0+1");
    expect(beside.document.notes.join()).toContain("is at work");
    letGo(world);
    await sweep.end;
    const after = await world.json<typeof beside.document>("plan");
    expect(after.document.rows[0]?.latest.version).toBe("1.1.0+1");
  });

  it("what changes in the configuration during a sweep belongs to the next one", async () => {
    const world = createWorld();
    world.recipe("a", { releases: ["1.0.0+1"], files: { "tests/custom/waits": waits(world) } });
    const later = world.recipe("b", { releases: ["1.0.0+1"] });
    const sweep = world.start("--json", "sweep");
    await until(() => isWaiting(world));
    later.change({ files: { "tests/custom/new": script("exit 1"), deploy: script("exit 1") } });
    writeFileSync(join(world.configuration, "sweep.yaml"), "nonsense");
    letGo(world);
    const end = await sweep.end;
    expect(labelsOf(JSON.parse(end.stdout))).toMatchObject({ b: "PASS (promoted 1.0.0+1)" });
    const next = await world.call("sweep");
    expect(next.exit).toBe(2);
  });
});

describe("a run that is ended early", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s tears down what is under way, leaves no process, and exits %i", async (signal, exit) => {
    const world = createWorld();
    const a = world.recipe("a", { releases: ["1.0.0+1"], files: { "tests/custom/waits": waits(world) } });
    world.recipe("b", { releases: ["1.0.0+1"] });
    const sweep = world.start("--json", "sweep");
    await until(() => isWaiting(world));
    sweep.child.kill(signal);
    const end = await sweep.end;
    expect(end.exit, end.stderr).toBe(exit);
    const report = JSON.parse(end.stdout);
    expect(labelsOf(report)).toEqual({ a: "NOT-RUN (interrupted)", b: "NOT-RUN (interrupted)" });
    expect(rowOf(report, "a").tiers.at(-1)).toMatchObject({ status: "not-reached", because: "interrupted" });
    expect(report.exit).toBe(exit);
    expect(world.report()).toEqual(report);
    expect(a.record()).toBeNull();
    expect(world.processes()).toEqual([]);
    expect(existsSync(join(world.state, "scratch", report.run))).toBe(false);
  });

  it("SIGTERM in the middle of a promotion rolls it back at once: the old record and the old data", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
    await world.json("sweep");
    const before = [notes.recordText(), notes.notes()];
    notes.publish(
      "1.1.0+1",
      `[ "$SWEEP_INSTANCE" = cold ] || { echo spoilt >"$SWEEP_DATA/notes.txt"; touch ${world.root}/waiting; sleep 600; }`,
    );
    const sweep = world.start("--json", "sweep");
    await until(() => isWaiting(world));
    sweep.child.kill("SIGTERM");
    const end = await sweep.end;
    expect(end.exit).toBe(143);
    expect(labelsOf(JSON.parse(end.stdout))).toEqual({
      notes: "GREEN-BUT-PROMOTE-FAILED (canonical=1.0.0+1, expected 1.1.0+1)",
    });
    expect([notes.recordText(), notes.notes()]).toEqual(before);
    expect(world.read("canonical/notes/promotion.json")).toBeNull();
    expect(world.processes()).toEqual([]);
  });

  it("`stop` lets the current recipe end and starts no other", async () => {
    const world = createWorld();
    world.recipe("a", { releases: ["1.0.0+1"], files: { "tests/custom/waits": waits(world) } });
    world.recipe("b", { releases: ["1.0.0+1"] });
    const sweep = world.start("--json", "sweep");
    await until(() => isWaiting(world));
    const stop = await world.call("stop");
    expect(stop.exit, stop.stderr).toBe(0);
    letGo(world);
    const end = await sweep.end;
    expect(labelsOf(JSON.parse(end.stdout))).toEqual({
      a: "PASS (promoted 1.0.0+1)",
      b: "NOT-RUN (stopped)",
    });
    expect(end.exit).toBe(3);
    expect(labelsOf((await world.json("sweep")).document)).toEqual({
      a: "SKIP no-new-version",
      b: "PASS (promoted 1.0.0+1)",
    });
  });
});

/** What spoils the data and kills the holder of the lock, once: with KILL, as a lost machine would. */
const killOnce = (world: World) =>
  `if [ ! -e ${world.root}/killed ]; then touch ${world.root}/killed; ` +
  `echo spoilt >${world.state}/data/notes/notes.txt; kill -9 "$(grep -o '"pid":[0-9]*' ${world.state}/lock | cut -d: -f2)"; fi`;
const IF_WARM = 'if [ "$SWEEP_INSTANCE" = warm ] && [ "$SWEEP_VERSION" = 1.1.0+1 ]; then';

describe("a run that is killed", () => {
  it.each([
    ["before the new version starts", "deploy", "before"],
    ["when the new version has started", "deploy", "after"],
    ["while the data is verified", "sentinel", "verify"],
    ["while the new version is undeployed", "retain", "undeploy"],
  ])("%s: the next run ends with the old record and the old data, byte for byte", async (_, step, where) => {
    const world = createWorld();
    const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
    await world.json("sweep");
    const before = [notes.recordText(), notes.notes(), world.read("canonical/notes/kept/secrets.json")];
    notes.publish("1.1.0+1");
    const kill = `${IF_WARM} ${killOnce(world)}; fi`;
    const lines = (command: string) =>
      ({ before: `${kill}; ${command}`, after: `${command}; ${kill}` })[where] ?? command;
    notes.change({
      commands: {
        deploy: lines("./deploy"),
        ...(where === "undeploy" ? { undeploy: `${kill}; ./undeploy` } : {}),
      },
      ...(where === "verify"
        ? {
            files: {
              "tests/data/verify": `${VERIFY}[ "$SWEEP_DOMAIN" != warm-notes.ci.test ] || { ${killOnce(world)}; }\n`,
            },
          }
        : {}),
    });
    const killed = await world.call("sweep");
    expect(killed.signal, killed.stderr).toBe("SIGKILL");
    expect(JSON.parse(world.read("canonical/notes/promotion.json") ?? "{}").step).toBe(step);
    const next = await world.json<{ removed: string[] }>("clean");
    expect(next.exit, next.stderr).toBe(0);
    expect(next.document.removed.join("\n")).toContain(`was rolled back from its step ${step}`);
    expect([notes.recordText(), notes.notes(), world.read("canonical/notes/kept/secrets.json")]).toEqual(
      before,
    );
    expect(world.processes()).toEqual([]);
    expect(world.read("canonical/notes/promotion.json")).toBeNull();
    expect(existsSync(join(world.state, "snapshots/notes"))).toBe(false);
    const again = await world.json("sweep");
    expect(labelsOf(again.document)).toEqual({ notes: "PASS (promoted 1.1.0+1)" });
  });

  it("in the middle of a cold test: the next run ends its processes and removes its scratch, then tests anew", async () => {
    const world = createWorld();
    world.recipe("notes", { releases: ["1.0.0+1"], files: { "tests/custom/waits": waits(world) } });
    const sweep = world.start("sweep");
    await until(() => isWaiting(world));
    const [dead] = world.runs();
    sweep.child.kill("SIGKILL");
    await sweep.end;
    expect(world.processes().length).toBeGreaterThan(0);
    letGo(world);
    const { document } = await world.json("sweep");
    expect(labelsOf(document)).toEqual({ notes: "PASS (promoted 1.0.0+1)" });
    expect(document.recovered.length).toBeGreaterThan(0);
    expect(existsSync(join(world.state, "scratch", dead ?? ""))).toBe(false);
    expect(world.processes()).toEqual([]);
  });

  it("in the middle of a seed: the next run leaves nothing of it", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { releases: ["1.1.0+1"] });
    notes.change({ commands: { deploy: `./deploy; ${IF_WARM} ${killOnce(world)}; fi` } });
    expect((await world.call("sweep")).signal).toBe("SIGKILL");
    expect(existsSync(join(world.state, "data/notes"))).toBe(true);
    await world.json("clean");
    expect(existsSync(join(world.state, "data/notes"))).toBe(false);
    expect(notes.record()).toBeNull();
    expect(world.processes()).toEqual([]);
    expect(labelsOf((await world.json("sweep")).document)).toEqual({ notes: "PASS (promoted 1.1.0+1)" });
  });

  it("in the middle of a live advance: the next run has the old version up, healthy, on its old data", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { settings: { warm: "live" }, releases: ["1.0.0+1"] });
    await world.json("sweep");
    const before = [notes.recordText(), notes.notes()];
    notes.publish("1.1.0+1");
    notes.change({ commands: { deploy: `./deploy; ${IF_WARM} ${killOnce(world)}; fi` } });
    expect((await world.call("sweep")).signal).toBe("SIGKILL");
    const next = await world.json("clean");
    expect(next.exit, next.stderr).toBe(0);
    expect([notes.recordText(), notes.notes()]).toEqual(before);
    expect(await answerOf(world, "notes")).toBe("1.0.0+1");
    expect(world.processes()).toHaveLength(1);
  });

  it("a live canonical that runs outlives the recovery after a kill", async () => {
    const world = createWorld();
    const live = world.recipe("live", { settings: { warm: "live" }, releases: ["1.0.0+1"] });
    await world.json("sweep");
    const [process] = world.processes();
    world.recipe("notes", { releases: ["1.0.0+1"], files: { "tests/custom/waits": waits(world) } });
    const sweep = world.start("sweep");
    await until(() => isWaiting(world));
    sweep.child.kill("SIGKILL");
    await sweep.end;
    await world.json("clean");
    expect(world.processes()).toEqual([process]);
    expect(await answerOf(world, "live")).toBe(live.record()?.version);
  });
});

describe("what is left up on request", () => {
  it("`run --keep` leaves the app up for a look, and `clean` removes it", async () => {
    const world = createWorld();
    world.recipe("notes", {
      releases: ["1.0.0+1"],
      files: { "tests/custom/url": script(`echo "$SWEEP_URL" >${world.root}/url`) },
    });
    const { document, exit } = await world.json("run", "notes", "--keep", "--no-promote");
    const row = rowOf(document, "notes");
    expect(row.label).toBe("PASS-NOT-PROMOTED (1.0.0+1; by-request: --no-promote)");
    expect(exit).toBe(0);
    expect(row.warnings?.join()).toMatch(/left up.*canonical-sweep clean/);
    const url = readFileSync(join(world.root, "url"), "utf8").trim();
    expect(await (await fetch(url)).text()).toBe("1.0.0+1");
    const dry = await world.json<{ removed: string[] }>("clean", "--dry-run");
    expect(dry.document.removed.length).toBeGreaterThan(0);
    expect(world.processes().length).toBeGreaterThan(0);
    await world.json("clean");
    expect(world.processes()).toEqual([]);
    expect(existsSync(join(world.state, "scratch", document.run))).toBe(false);
  });

  it("`run --tier` tests only that tier, on its install, and promotes nothing", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", {
      releases: ["1.0.0+1", "1.1.0+1"],
      files: { "tests/custom/a": SAYS_ITS_VERSION },
    });
    const { document, exit } = await world.json("run", "notes", "--tier", "custom");
    const row = rowOf(document, "notes");
    expect(row.label).toBe("PASS-NOT-PROMOTED (1.1.0+1; by-request: --tier)");
    expect(row.tiers.map((end) => end.tier)).toEqual(["install", "custom"]);
    expect(row.notPlanned).toContainEqual({ tier: "upgrade", reason: "not asked for" });
    expect(exit).toBe(0);
    expect(notes.record()).toBeNull();
  });
});

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { script } from "../support/sample-app.ts";
import { isWaiting, waits } from "../support/waiting.ts";
import { answerOf, createWorld, labelsOf, until, type World } from "../support/world.ts";

/** Kills the holder of the lock with KILL, as often as `times`. */
const kill = (world: World, times: number) =>
  `echo >>${world.root}/kills; if [ "$(wc -l <${world.root}/kills)" -le ${times} ]; then ` +
  `kill -9 "$(grep -o '"pid":[0-9]*' ${world.state}/lock | cut -d: -f2)"; sleep 600; fi`;

describe("the leftovers of runs", () => {
  it("a process that a test starts in a session of its own is ended with the test, and never outlives the sweep", async () => {
    const world = createWorld();
    world.recipe("notes", {
      files: {
        "tests/custom/leaves": script(
          `setsid sleep 600 </dev/null >/dev/null 2>&1 & echo $! >${world.root}/pid`,
        ),
      },
      releases: ["1.0.0+1"],
    });
    const { document } = await world.json("sweep");
    expect(labelsOf(document)).toEqual({ notes: "PASS (promoted 1.0.0+1)" });
    const pid = readFileSync(join(world.root, "pid"), "utf8").trim();
    expect(world.processes()).toEqual([]);
    expect(existsSync(`/proc/${pid}/fd/0`)).toBe(false);
  });

  it("a rollback that is killed too is taken up again by the run after it", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { settings: { warm: "live" }, releases: ["1.0.0+1"] });
    await world.json("sweep");
    const before = [notes.recordText(), notes.notes()];
    notes.publish("1.1.0+1");
    notes.change({
      commands: {
        deploy: `if [ "$SWEEP_INSTANCE" = warm ]; then [ "$SWEEP_VERSION" = 1.0.0+1 ] || echo spoilt >"$SWEEP_DATA/notes.txt"; ${kill(world, 2)}; fi; ./deploy`,
      },
    });
    expect((await world.call("sweep")).signal).toBe("SIGKILL");
    expect((await world.call("clean")).signal).toBe("SIGKILL");
    const third = await world.json<{ removed: string[] }>("clean");
    expect(third.exit, third.stderr).toBe(0);
    expect(third.document.removed.join()).toContain("was rolled back");
    expect([notes.recordText(), notes.notes()]).toEqual(before);
    expect(await answerOf(world, "notes")).toBe("1.0.0+1");
    expect(world.processes()).toHaveLength(1);
  });

  it("a promotion that was killed after its record was written counts, and its leftovers are removed", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
    await world.json("sweep");
    const { run, version, commit } = notes.record() ?? expect.fail("no record");
    const [record, data] = [notes.recordText(), notes.notes()];
    const journal = {
      schema: 1,
      run,
      recipe: "notes",
      kind: "seed",
      from: null,
      to: { version, commit },
      step: "record",
      snapshotComplete: true,
      hadData: true,
      wasLive: false,
      secrets: [],
      configs: [],
      domain: "warm-notes.ci.test",
      lane: "main",
      startedAt: new Date().toISOString(),
    };
    writeFileSync(join(world.state, "canonical/notes/promotion.json"), JSON.stringify(journal));
    mkdirSync(join(world.state, "snapshots/notes/data/data"), { recursive: true });
    writeFileSync(join(world.state, "snapshots/notes/data/data/notes.txt"), "older\n");
    const { document } = await world.json("sweep");
    expect(document.recovered.join()).toContain("was recorded");
    expect(labelsOf(document)).toEqual({ notes: "SKIP no-new-version" });
    expect([notes.recordText(), notes.notes()]).toEqual([record, data]);
    expect(existsSync(join(world.state, "snapshots/notes"))).toBe(false);
    expect(world.read("canonical/notes/promotion.json")).toBeNull();
  });

  it("a promotion that cannot be settled blocks its recipe, touches nothing of it, and the others go on", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
    world.recipe("other", { releases: ["1.0.0+1"] });
    await world.json("sweep");
    const before = [notes.recordText(), notes.notes()];
    writeFileSync(join(world.state, "canonical/notes/promotion.json"), '{"schema": 99}');
    notes.publish("1.1.0+1");
    const { document, exit } = await world.json("sweep");
    expect(labelsOf(document)).toEqual({
      notes: "BLOCKED (canonical-unreadable)",
      other: "SKIP no-new-version",
    });
    expect(exit).toBe(3);
    expect([notes.recordText(), notes.notes()]).toEqual(before);
    expect(world.read("canonical/notes/promotion.json")).toBe('{"schema": 99}');
  });

  it("a killed seed is not undone under an unreadable record, which might name the new release", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
    notes.change({
      commands: { deploy: `./deploy; if [ "$SWEEP_INSTANCE" = warm ]; then ${kill(world, 1)}; fi` },
    });
    expect((await world.call("sweep")).signal).toBe("SIGKILL");
    writeFileSync(join(world.state, "canonical/notes/canonical.json"), "torn");
    const { document } = await world.json("sweep");
    expect(labelsOf(document)).toEqual({ notes: "BLOCKED (canonical-unreadable)" });
    expect(notes.recordText()).toBe("torn");
    expect(existsSync(join(world.state, "data/notes"))).toBe(true);
    expect(world.read("canonical/notes/promotion.json")).not.toBeNull();
  });

  it("a second Ctrl-C leaves at once and names the leftovers, and the next run removes them", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", {
      files: { "tests/custom/waits": waits(world) },
      commands: { undeploy: `touch ${world.root}/undeploying; sleep 600` },
      releases: ["1.0.0+1"],
    });
    const sweep = world.start("sweep");
    await until(() => isWaiting(world));
    sweep.child.kill("SIGINT");
    await until(() => existsSync(join(world.root, "undeploying")));
    sweep.child.kill("SIGINT");
    const end = await sweep.end;
    expect(end.exit).toBe(130);
    expect(end.stderr).toMatch(/canonical-sweep clean|next run/);
    notes.change({ commands: { undeploy: "./undeploy" } });
    expect((await world.json("clean")).exit).toBe(0);
    expect(world.processes()).toEqual([]);
  });

  it("an interrupt while a provider is set up is an interrupt, and the things made in the provider are undone", async () => {
    const world = createWorld();
    world.recipe("idp", { settings: { warm: "live" }, releases: ["1.0.0+1"] });
    await world.json("sweep");
    world.recipe("notes", {
      settings: { requires: [{ recipe: "idp", mode: "live", setup: "setup", teardown: "undo" }] },
      files: {
        setup: script(`touch ${world.root}/client ${world.root}/waiting; sleep 600`),
        undo: script(`rm ${world.root}/client`),
      },
      releases: ["1.0.0+1"],
    });
    const sweep = world.start("--json", "sweep");
    await until(() => existsSync(join(world.root, "waiting")));
    sweep.child.kill("SIGINT");
    const end = await sweep.end;
    expect(end.exit).toBe(130);
    expect(labelsOf(JSON.parse(end.stdout)).notes).toBe("NOT-RUN (interrupted)");
    expect(existsSync(join(world.root, "client"))).toBe(false);
    expect(world.processes()).toHaveLength(1);
  });
});

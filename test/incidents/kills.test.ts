import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { VERIFY } from "../support/sample-app.ts";
import { isWaiting, letGo, waits } from "../support/waiting.ts";
import { answerOf, createWorld, labelsOf, until, type World } from "../support/world.ts";

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
  ])("%s: has the old record and the old data after the next run, byte for byte", async (_, step, where) => {
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

  it("in the middle of a cold test: has its processes ended and its scratch removed by the next run, which tests anew", async () => {
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

  it("in the middle of a seed: leaves nothing behind after the next run", async () => {
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

  it("in the middle of a live advance: has the old version up after the next run, healthy, on its old data", async () => {
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

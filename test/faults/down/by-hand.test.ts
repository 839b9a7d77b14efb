import { spawn } from "node:child_process";
import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Report } from "../../../src/core/records/report.ts";
import type { CleanReport } from "../../../src/records/clean.ts";
import type { RollReport } from "../../../src/run/roll.ts";
import { NODE } from "../../support/program.ts";
import { SERVER } from "../../support/sample-app.ts";
import { rowOf, until } from "../../support/world.ts";
import { expectDown, expectMended, FAILED, type LiveWorld, liveWorld, OLD } from "./live-world.ts";

const LIMIT = { timeout: 600_000 };

/** A live canonical whose rollback could not start the old version. */
async function downWorld(how?: string, promote?: string): Promise<LiveWorld> {
  const live = await liveWorld({ ...(promote === undefined ? {} : { promote }) });
  live.forbid(how);
  const { document, exit } = await live.world.json<Report>("run", "notes");
  expect([rowOf(document, "notes").label, exit]).toEqual([FAILED, 3]);
  expect(document.down).toMatchObject([{ recipe: "notes", version: OLD, tries: 1 }]);
  expect(rowOf(document, "notes").warnings?.join()).toContain(`the live canonical ${OLD} is down`);
  return live;
}

describe("a live canonical whose rollback did not end", LIMIT, () => {
  test("is named as down, and each command tries, says that it failed, and exits with 3", async () => {
    const live = await downWorld();
    const { world } = live;
    const other = world.recipe("other", { releases: [OLD] });
    await expectDown(live, /it may not start/);
    expect((await world.call("status")).stdout).toMatch(
      /DOWN: notes[\s\S]*it may not start[\s\S]*live, DOWN/,
    );
    const clean = await world.json<CleanReport>("clean");
    expect(clean.exit).toBe(3);
    expect(clean.document.unsettled).toMatchObject([{ recipe: "notes" }]);
    expect(clean.document.unsettled[0]?.problem).toContain("the rollback did not end");
    expect(clean.document.removed.join()).not.toContain("notes: ");
    const roll = await world.json<RollReport>("roll");
    expect(roll.exit).toBe(3);
    expect(roll.document.rows).toMatchObject([{ recipe: "notes", result: "failed" }]);
    const run = await world.json<Report>("run", "other");
    expect([rowOf(run.document, "other").label, run.exit]).toEqual([`PASS (promoted ${OLD})`, 3]);
    const sweep = await world.json<Report>("sweep");
    expect(sweep.exit).toBe(3);
    expect(rowOf(sweep.document, "notes").label).toMatch(/^BLOCKED \(canonical-unreadable/);
    expect((await live.status()).down[0]?.tries).toBe(5);
    expect(live.journal()).not.toBeNull();
    live.allow();
    const mended = await world.json<RollReport>("roll");
    expect(mended.exit, mended.stderr).toBe(0);
    expect(mended.document.rows).toMatchObject([{ recipe: "notes", version: OLD, result: "healthy" }]);
    await expectMended(live);
    expect(other.record()?.version).toBe(OLD);
  });

  test("stays down while its health probe answers 500", async () => {
    const live = await downWorld("flags=(--status=500)", "20s");
    await expectDown(live, /500/);
    expect((await live.world.call("clean")).exit).toBe(3);
    live.allow();
    expect((await live.world.call("clean")).exit).toBe(0);
    await expectMended(live);
  });

  test("is mended by the third try where two fail", async () => {
    const live = await liveWorld();
    const { world } = live;
    const tried = join(world.root, "tried");
    live.forbid(
      `echo x >>${tried}; [ "$(wc -l <${tried})" -gt 2 ] || { echo "error: not yet" >&2; exit 1; }`,
    );
    const exits = [await world.call("run", "notes"), await world.call("clean"), await world.call("clean")];
    expect(exits.map(({ exit }) => exit)).toEqual([3, 3, 0]);
    await expectMended(live);
  });

  test("counts as up when somebody starts its version by hand: the report says so, and data written since stays", async () => {
    const live = await downWorld();
    const { world } = live;
    const data = join(world.state, "data/notes");
    const byHand = spawn(NODE, [SERVER, data, OLD], { detached: true, stdio: "ignore", env: {} });
    onTestFinished(() => void byHand.kill("SIGKILL"));
    await until(() => existsSync(join(data, "run/port")));
    appendFileSync(join(data, "notes.txt"), "written since\n");
    const { document, exit } = await world.json<CleanReport>("clean");
    expect(exit).toBe(0);
    expect(document.removed.join()).toMatch(/notes: .*was rolled back.*answered already/);
    expect([byHand.exitCode, byHand.signalCode]).toEqual([null, null]);
    expect([live.journal(), await live.answer()]).toEqual([null, OLD]);
    expect(live.notes.notes()).toBe(`${live.before.notes}written since\n`);
    expect((await live.status()).down).toEqual([]);
  });

  test("keeps a journal that cannot be read: down, until somebody restores it", async () => {
    const live = await downWorld();
    const { world } = live;
    const path = join(world.state, "canonical/notes/promotion.json");
    const whole = live.journal() ?? "";
    live.allow();
    writeFileSync(path, whole.slice(0, 40));
    await expectDown(live, /whether it runs is not known/);
    for (const command of ["clean", "roll", "sweep"])
      expect((await world.call(command)).exit, command).toBe(3);
    expect(live.journal()).toBe(whole.slice(0, 40));
    writeFileSync(path, whole);
    expect((await world.call("clean")).exit).toBe(0);
    await expectMended(live);
  });

  test("is down also where its record cannot be read, and nothing is undone", async () => {
    const live = await downWorld();
    const { world } = live;
    const path = join(world.state, "canonical/notes/canonical.json");
    live.allow();
    writeFileSync(path, "{");
    const journal = live.journal();
    expect((await live.status()).down).toMatchObject([{ recipe: "notes" }]);
    const roll = await world.json<RollReport>("roll");
    expect([roll.exit, roll.document.rows[0]?.result]).toEqual([3, "failed"]);
    expect(live.journal()).toBe(journal);
    writeFileSync(path, live.before.record ?? "");
    expect((await world.call("roll")).exit).toBe(0);
    await expectMended(live);
  });
});

test("`roll` names a record that cannot be read, and is not well", LIMIT, async () => {
  const live = await liveWorld();
  writeFileSync(join(live.world.state, "canonical/notes/canonical.json"), "{");
  const roll = await live.world.json<RollReport>("roll");
  expect(roll.exit).toBe(3);
  expect(roll.document.rows).toMatchObject([{ recipe: "notes", result: "failed" }]);
  expect(roll.document.rows[0]?.detail).toContain("canonical-unreadable: ");
  expect(await live.answer()).toBe(OLD);
});

test("a live canonical that died and cannot be started is down, without any promotion", LIMIT, async () => {
  const live = await liveWorld();
  const { world } = live;
  live.forbid();
  for (const pid of world.processes()) process.kill(pid, "SIGKILL");
  expect((await world.call("roll")).exit).toBe(3);
  await expectDown(live, /it may not start/);
  expect((await world.call("clean")).exit).toBe(3);
  live.allow();
  const { document, exit } = await world.json<CleanReport>("clean");
  expect([exit, document.removed.join()]).toEqual([0, expect.stringContaining("is up again")]);
  await expectMended(live);
});

test("two live canonicals that are down are both named, and both mended", LIMIT, async () => {
  const live = await liveWorld({ recipes: ["notes", "other"] });
  const { world } = live;
  live.forbid();
  expect((await world.call("sweep")).exit).toBe(3);
  const named = async () => (await live.status()).down.map(({ recipe }) => recipe);
  expect(await named()).toEqual(["notes", "other"]);
  live.allow();
  expect((await world.call("roll")).exit).toBe(0);
  expect(await named()).toEqual([]);
  await expectMended(live);
  expect(world.read("canonical/other/promotion.json")).toBeNull();
});

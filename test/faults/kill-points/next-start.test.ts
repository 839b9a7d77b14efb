import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, type TestContext } from "vitest";
import type { Report } from "../../../src/core/records/report.ts";
import { labelsOf } from "../../support/world.ts";
import { report } from "../fault.ts";
import { type Machine, NEW } from "./machine.ts";
import { RUN, WINDOW } from "./produce.ts";
import { lostOf, residueOf, type Standing, standingOf, touchedOf } from "./standing.ts";
import { advance } from "./stories.ts";

describe("a promotion that was killed before an unusual next start", () => {
  it("waits where the recipe has left the configuration, and is rolled back once the recipe is there again", async (context) => {
    const { machine } = await advance("idle");
    const before = await standingOf(machine);
    await kill(machine, "end verify#1 after");
    const away = join(machine.world.root, "recipe-away");
    renameSync(machine.notes.folder, away);
    const without = await machine.world.json<{ unsettled: { problem: string }[] }>("clean");
    expect(without.exit).toBe(3);
    expect(without.document.unsettled.map(({ problem }) => problem).join("\n")).toContain(
      "notes is no longer configured",
    );
    expect(existsSync(join(machine.world.state, "snapshots/notes/data"))).toBe(true);
    expect(machine.world.processes()).toEqual([]);
    renameSync(away, machine.notes.folder);
    await machine.world.json("clean");
    await expectOld(context, machine, before, "the recipe's configuration is away at the next start");
  });

  it("blocks its recipe where promotion.json is empty, and nothing is undone on a guess", async (context) => {
    const { machine } = await advance("idle");
    const before = await standingOf(machine);
    await kill(machine, "rename canonical/notes/promotion.json#6 after");
    const journal = join(machine.world.state, "canonical/notes/promotion.json");
    const whole = readFileSync(journal);
    writeFileSync(journal, "");
    const { document } = await machine.world.json<Report>("sweep");
    expect(labelsOf(document).notes).toMatch(/^BLOCKED \(canonical-unreadable/);
    expect(machine.world.read("canonical/notes/canonical.json")).toBe(before.record);
    expect(existsSync(join(machine.world.state, "snapshots/notes/data"))).toBe(true);
    writeFileSync(journal, whole);
    await machine.world.json("clean");
    await expectOld(context, machine, before, "promotion.json is empty at the next start, and then restored");
  });

  it("is settled before a `revoke`, which revokes the record that counts", async (context) => {
    const { machine } = await advance("idle");
    const before = await standingOf(machine);
    await kill(machine, "rename canonical/notes/canonical.json#1 after");
    await machine.world.json("revoke", "notes", "--reason", "tainted");
    const after = await standingOf(machine);
    const added = after.history.slice(before.history.length).map(({ event, to }) => [event, to]);
    expect(added).toEqual([
      ["advance", NEW],
      ["revoked", null],
    ]);
    expect(JSON.parse(after.record ?? "")).toMatchObject({ version: NEW, status: "revoked" });
    expect(residueOf(machine, after)).toEqual([]);
    report(context, {
      kind: "kill point",
      name: "advance, idle: after canonical.json is replaced, and the next start is `revoke`",
      outcome: "recorded, then revoked, in this order in the history",
      lost: after.data["notes.txt"] === before.data["notes.txt"] ? [] : ["the sentinel in data/notes.txt"],
      touched: touchedOf(before, after),
    });
  });
});

async function kill(machine: Machine, at: string): Promise<void> {
  const { signal, stderr } = await machine.run(RUN, { window: WINDOW, at });
  expect(signal, stderr).toBe("SIGKILL");
}

async function expectOld(
  context: Pick<TestContext, "task">,
  machine: Machine,
  before: Standing,
  what: string,
): Promise<void> {
  const after = await standingOf(machine);
  expect(after.history.slice(before.history.length).map(({ event }) => event)).toEqual(["rolled-back"]);
  expect(residueOf(machine, after)).toEqual([]);
  report(context, {
    kind: "kill point",
    name: `advance, idle: killed, and ${what}`,
    outcome: "rolled back: old record, old data",
    lost: lostOf(before, after),
    touched: touchedOf(before, after),
  });
}

import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findMarked } from "../../../src/command/process-group.ts";
import type { Report } from "../../../src/core/records/report.ts";
import { COMMANDS, script } from "../../support/sample-app.ts";
import {
  createWorld,
  labelsOf,
  type RecipeSetup,
  rowOf,
  type SampleRecipe,
  until,
  type World,
} from "../../support/world.ts";
import { report } from "../fault.ts";
import type { Fault } from "../kinds.ts";
import { type Possessions, possessionsOf } from "../possessions.ts";

const DEAF = "while :; do sleep 1; done";
const FAMILY = `trap '' TERM INT; setsid bash -c "trap '' TERM INT; ${DEAF}" & ( trap '' TERM INT; ${DEAF} ) & wait; ${DEAF}`;

it("a wedged command that is ended from outside, or by the limit of another, leaves nothing behind and loses nothing", async (context) => {
  const faults = await Promise.all([
    signalled("SIGINT", 130),
    signalled("SIGTERM", 143),
    signalledTwice("SIGINT", 130),
    signalledTwice("SIGTERM", 143),
    twoSweeps(),
    wedgedUndeploy(),
    wedgedSetup(),
  ]);
  for (const fault of faults) report(context, { kind: "wedge", ...fault });
}, 300_000);

type Found = Omit<Fault, "kind">;

interface WedgedWorld {
  world: World;
  wedged: SampleRecipe;
  before: Possessions;
  /** From now on nothing is wedged. */
  mend(): void;
}

/** A canonical at 1.0.0, a release 1.1.0 whose recipe is wedged in a command, and another recipe after it. */
async function wedgedWorld(
  settings: Readonly<Record<string, unknown>>,
  setup: (hangs: string) => RecipeSetup,
): Promise<WedgedWorld> {
  const world = createWorld();
  const wedged = world.recipe("a-wedged", { releases: ["1.0.0+1"] });
  expect((await world.call("sweep")).exit).toBe(0);
  world.configure(settings);
  wedged.publish("1.1.0+1");
  const flag = join(world.root, "hang");
  writeFileSync(flag, "");
  wedged.change(setup(`[ ! -e ${flag} ] || { touch ${world.root}/wedged; ${FAMILY}; }`));
  world.recipe("b", { releases: ["1.0.0+1"] });
  return { world, wedged, before: possessionsOf(world), mend: () => rmSync(flag) };
}

const inDeploy = (hangs: string): RecipeSetup => ({ commands: { deploy: `${hangs}; ${COMMANDS.deploy}` } });

const isWedged = (world: World) => until(() => existsSync(join(world.root, "wedged")), 60_000);

async function signalled(signal: NodeJS.Signals, exit: number): Promise<Found> {
  const { world, before } = await wedgedWorld({}, inDeploy);
  const sweep = world.start("--json", "sweep");
  await isWedged(world);
  sweep.child.kill(signal);
  const end = await sweep.end;
  expect(end.exit, end.stderr).toBe(exit);
  const document = JSON.parse(end.stdout) as Report;
  expect(labelsOf(document)).toEqual({ "a-wedged": "NOT-RUN (interrupted)", b: "NOT-RUN (interrupted)" });
  expect(world.report()).toEqual(document);
  expectNothingLeft(world, document.run);
  return {
    name: `a deploy that ignores ${signal} and TERM, with children that do so too; ${signal} once`,
    outcome: `exit ${exit}, NOT-RUN (interrupted), torn down`,
    lost: before.lost("a-wedged"),
    touched: before.touched(),
  };
}

async function signalledTwice(signal: NodeJS.Signals, exit: number): Promise<Found> {
  const { world, before, mend } = await wedgedWorld({}, inDeploy);
  const sweep = world.start("sweep");
  await isWedged(world);
  sweep.child.kill(signal);
  await sweep.said(`${signal}: the step under way`);
  sweep.child.kill(signal);
  const end = await sweep.end;
  expect(end.exit, end.stderr).toBe(exit);
  expect(end.stderr).toContain("left at once, and left behind:");
  const dead = world.runs().at(-1) ?? "";
  const lost = before.lost("a-wedged");
  mend();
  expect((await world.call("clean")).exit).toBe(0);
  expectNothingLeft(world, dead);
  return {
    name: `the same deploy; ${signal} twice`,
    outcome: `exit ${exit} at once, which says what it leaves; the next run ends all of it`,
    lost: [...lost, ...before.lost("a-wedged")],
    touched: before.touched(),
  };
}

async function twoSweeps(): Promise<Found> {
  const { world, before } = await wedgedWorld({ timeouts: { sweep: "16s" } }, inDeploy);
  const first = world.start("--json", "sweep");
  await isWedged(world);
  const second = await world.call("sweep");
  expect([second.exit, second.stdout]).toEqual([75, ""]);
  expect(second.stderr).toMatch(
    new RegExp(`process ${first.child.pid}\\b[\\s\\S]*since \\d{4}-|since \\d{4}-`),
  );
  const document = JSON.parse((await first.end).stdout) as Report;
  expect(labelsOf(document)).toEqual({
    "a-wedged": "NOT-RUN (sweep-deadline)",
    b: "NOT-RUN (sweep-deadline)",
  });
  expect(rowOf(document, "a-wedged").detail).toMatch(/deploy.*did not end within 12s \(timeouts\.sweep\)/);
  expectNothingLeft(world, document.run);
  return {
    name: "two-sweeps: a sweep that is wedged on a child and its family, and a second one beside it",
    outcome: "the second exits 75 and names the holder; timeouts.sweep ends the first, torn down",
    lost: before.lost("a-wedged"),
    touched: before.touched(),
  };
}

async function wedgedUndeploy(): Promise<Found> {
  const { world, before, mend } = await wedgedWorld({ timeouts: { promote: "8s" } }, (hangs) => ({
    commands: { undeploy: `[ "$SWEEP_INSTANCE" = cold ] || ${hangs}; ${COMMANDS.undeploy}` },
  }));
  const { document } = await world.json("sweep");
  const row = rowOf(document, "a-wedged");
  expect(row.label).toBe("GREEN-BUT-PROMOTE-FAILED (canonical=1.0.0+1, expected 1.1.0+1)");
  expect(row.detail).toMatch(/undeploy.*did not end within 8\.0s \(timeouts\.promote/);
  expect(rowOf(document, "b").label).toBe("PASS (promoted 1.0.0+1)");
  expect(findMarked((environment) => environment.includes(`SWEEP_RUN=${document.run}`))).toEqual([]);
  mend();
  expect((await world.call("clean")).exit).toBe(0);
  expect(world.read("canonical/a-wedged/promotion.json")).toBeNull();
  return {
    name: "an undeploy that never ends, in a promotion and in its rollback",
    outcome: `${row.label}; the next run ends the rollback`,
    lost: before.lost("a-wedged"),
    touched: before.touched(),
  };
}

async function wedgedSetup(): Promise<Found> {
  const { world, before } = await wedgedWorld({ timeouts: { tier: "10s" } }, () => ({
    settings: { requires: [{ recipe: "b", mode: "ephemeral", setup: "setup" }] },
    files: { setup: script("echo asking for a client", FAMILY) },
  }));
  const first = await world.json("sweep");
  expect(rowOf(first.document, "b").label).toBe("PASS (promoted 1.0.0+1)");
  const row = rowOf(first.document, "a-wedged");
  expect(row.label).toMatch(/^BLOCKED \(requires: b: setup failed: /);
  expect(row.detail).toMatch(
    /setup did not end within 10 s \(timeouts\.tier\); last seen: asking for a client/,
  );
  expectNothingLeft(world, first.document.run);
  return {
    name: "a provider's setup that never ends",
    outcome: row.label,
    lost: before.lost("a-wedged"),
    touched: before.touched(),
  };
}

function expectNothingLeft(world: World, run: string): void {
  expect(world.processes()).toEqual([]);
  expect(findMarked((environment) => environment.includes(`SWEEP_RUN=${run}`))).toEqual([]);
  expect(existsSync(join(world.state, "scratch", run))).toBe(false);
}

import { statSync } from "node:fs";
import { expect, it } from "vitest";
import { findMarked } from "../../../src/command/process-group.ts";
import type { Report } from "../../../src/core/records/report.ts";
import { createWorld, rowOf, type World } from "../../support/world.ts";
import { copySeeded } from "../copy-seeded.ts";
import { report } from "../fault.ts";
import { type Possessions, possessionsOf } from "../possessions.ts";
import { type Wedge, wedgedCommands, wedgedDeploys, wedgedTests } from "./wedged.ts";

const LIMITS_MS = { "timeouts.deploy": 10_000, "timeouts.tier": 30_000 };
/** What the end of a group may take (TERM, then KILL), and a loaded machine. */
const MARGIN_MS = 40_000;
const MIB = 1024 * 1024;

it("wedged-deploy: a command that does not end is ended by its limit, which is named with the step and the last thing seen; nothing of it is left, and the others go on", async (context) => {
  const swept = await Promise.all([
    sweepWedges(
      wedgedDeploys([
        "ignores TERM",
        "leaves a grandchild in a session of its own that holds the output",
        "starts a daemon by a double fork",
        "prints nothing",
      ]),
    ),
    sweepWedges(
      wedgedDeploys(["prints lines for ever", "closes its output", "stops itself", "starts 200 children"]),
    ),
    sweepWedges(
      wedgedTests([
        "ignores TERM",
        "leaves a grandchild in a session of its own that holds the output",
        "starts a daemon by a double fork",
      ]),
    ),
    sweepWedges({
      ...wedgedTests(["prints lines for ever"]),
      ...wedgedDeploys(["prints one line for ever"]),
      ...wedgedCommands(["backup"]),
    }),
    sweepWedges(wedgedCommands(["restore", "version"])),
  ]);
  for (const { world, document, wedges, before } of swept) {
    expect(rowOf(document, "z-good").label).toBe("PASS (promoted 1.1.0+1)");
    for (const [name, wedge] of Object.entries(wedges)) {
      const outcome = expectEnded(world, document, name, wedge);
      const [lost, touched] = [before.lost(name), before.touched()];
      report(context, { kind: "wedge", name: wedge.what, outcome, lost, touched });
    }
    expect(world.processes()).toEqual([]);
    expect(findMarked((environment) => environment.includes(`SWEEP_RUN=${document.run}`))).toEqual([]);
  }
}, 300_000);

interface Swept {
  world: World;
  document: Report;
  wedges: Readonly<Record<string, Wedge>>;
  before: Possessions;
}

/** One sweep of recipes that have a canonical and are wedged at their next release, and of a good one, the last. */
async function sweepWedges(wedges: Readonly<Record<string, Wedge>>): Promise<Swept> {
  const world = createWorld({ timeouts: { recipe: "5m" } });
  const good = world.recipe("z-good", { releases: ["1.0.0+1"] });
  expect((await world.call("sweep")).exit).toBe(0);
  good.publish("1.1.0+1");
  const setups = Object.entries(wedges).map(([name, { setup, setting }]) => {
    const timeouts = { [setting.slice("timeouts.".length)]: `${LIMITS_MS[setting]}ms` };
    return [name, { ...setup, settings: { canonical: true, timeouts } }] as const;
  });
  copySeeded(world, good, Object.fromEntries(setups));
  const before = possessionsOf(world);
  const { document, exit } = await world.json("sweep");
  expect(exit).toBe(3);
  return { world, document, wedges, before };
}

function expectEnded(world: World, document: Report, name: string, wedge: Wedge): string {
  const row = rowOf(document, name);
  const label = `FAIL (red at ${wedge.tier}; canonical unchanged: 1.0.0+1)`;
  expect({ name, label: row.label }, row.detail).toEqual({ name, label });
  const limitMs = LIMITS_MS[wedge.setting];
  const brief = world.read("runs", document.run, row.brief ?? "none") ?? "";
  for (const text of [row.detail, brief]) {
    expect(text, name).toContain(wedge.step);
    expect(text, name).toMatch(
      new RegExp(`did not end within ${limitMs / 1000}(\\.0)? ?s \\(${wedge.setting}\\)`),
    );
    expect(text, name).toContain(`last seen: ${wedge.lastSeen}`);
  }
  if (name === "deploy-prints-lines")
    expect(world.read("runs", document.run, name, "install.log")).toContain("of output were left out here");
  const ended = row.tiers.find((end) => end.tier === wedge.tier);
  expect(ended, name).toMatchObject({ status: "failed" });
  expect(ended?.durationMs, name).toBeLessThan(limitMs + MARGIN_MS);
  const bytes = Object.keys(world.files("runs", document.run, name)).map((path) => statSync(path).size);
  expect(
    bytes.reduce((sum, size) => sum + size, 0),
    name,
  ).toBeLessThan(64 * MIB);
  return `${label}; ${/did not end within.*?last seen: .{0,24}/.exec(row.detail)?.[0]}`;
}

import { expect, type TestContext } from "vitest";
import type { Report } from "../../../src/core/records/report.ts";
import { labelsOf } from "../../support/world.ts";
import { report } from "../fault.ts";
import { shareOf } from "../share.ts";
import { type CrashEvent, type KillPoint, killPoints } from "./events.ts";
import type { CrashedRun, Machine } from "./machine.ts";
import { lostOf, residueOf, type Standing, standingOf, timeless, touchedOf, versionOf } from "./standing.ts";

/** A promotion that is killed again and again, each time at another point. */
export interface Story {
  /** `advance, idle`. */
  name: string;
  machine: Machine;
  kind: "seed" | "advance";
  from: string | null;
  to: string;
  /** The label of a sweep that nobody disturbs. */
  label: string;
  /** The promotion fails by itself, and the kills fall into its own rollback. */
  fails?: boolean;
  /** Kills the promotion here, and then the run that rolls it back at each of its own points. */
  firstKill?: string;
  /** How many of the points between two steps are tried. */
  grain: "fine" | "coarse";
  /** The points that are produced; all without it. */
  isTelling?(at: string): boolean;
}

export const RUN = ["run", "notes", "--json"];
export const WINDOW = "canonical/";
/** Every so many points a full sweep follows, and its label is compared. */
const SWEEP_EVERY = process.env.FAULTS_DEPTH === "all" ? 1 : 9;

interface Undisturbed {
  events: CrashEvent[];
  standing: Standing;
}

/** Produces every kill point of a story; what does not hold is told for all of them together. */
export async function produceAll(context: Pick<TestContext, "task">, story: Story): Promise<void> {
  const { machine } = story;
  await machine.keep();
  await bringBack(story);
  const undisturbed = await undisturbedRun(story);
  await bringBack(story);
  const problems: string[] = [];
  const points = killPoints(undisturbed.events, story.grain).filter(
    ({ at }) => story.isTelling?.(at) ?? true,
  );
  expect(points.length).toBeGreaterThan(0);
  for (const [index, point] of shareOf(points).entries()) {
    try {
      await produce(context, story, point, undisturbed, index);
    } catch (error) {
      problems.push(`${point.name} [${point.at}]: ${error instanceof Error ? error.message : error}`);
      await bringBack(story);
    }
  }
  expect(problems.join("\n\n")).toBe("");
}

async function undisturbedRun(story: Story): Promise<Undisturbed> {
  const { machine } = story;
  if (story.firstKill !== undefined) {
    await killedAt(story, story.firstKill);
    const { events, exit, stderr } = await machine.run(["clean", "--json"], { window: "" });
    expect(exit, stderr).toBe(0);
    return { events, standing: await standingOf(machine) };
  }
  const { events, stdout, stderr } = await machine.run(RUN, { window: WINDOW });
  expect(stdout, stderr).toContain(`"label": "${story.label}"`);
  const from = story.fails ? events.findIndex((event) => event.key.startsWith("end verify")) : 0;
  expect(from, events.map((event) => event.key).join("\n")).toBeGreaterThanOrEqual(0);
  return { events: events.slice(from), standing: await standingOf(machine) };
}

/** The world as the story begins it; a live canonical runs. */
async function bringBack({ machine }: Story): Promise<void> {
  await machine.setBack();
  await roll(machine);
}

async function roll({ world, warm }: Machine): Promise<void> {
  if (warm === "idle") return;
  const rolled = await world.call("roll");
  expect(rolled.exit, rolled.stderr).toBe(0);
}

async function produce(
  context: Pick<TestContext, "task">,
  story: Story,
  point: KillPoint,
  undisturbed: Undisturbed,
  index: number,
): Promise<void> {
  const { machine } = story;
  const before = await standingOf(machine);
  if (story.firstKill !== undefined) await killedAt(story, story.firstKill);
  else await killedAt(story, point.at);
  const run = machine.world.runs().at(-1) ?? "";
  const atDeath = machine.world.read("canonical/notes/canonical.json");
  const underWay = machine.world.read("canonical/notes/promotion.json") !== null;
  if (story.firstKill !== undefined) expectKilled(await machine.run(["clean"], { window: "", at: point.at }));
  const leftToTell = machine.world.read("canonical/notes/promotion.json") !== null;
  const told = await recover(machine, index);
  // A lost machine has no process: what a sweep begins with brings a live canonical up again.
  if (machine.disk !== null) await roll(machine);
  const after = await standingOf(machine);
  const isNew = atDeath !== before.record;
  if (leftToTell) expect(told).toContain(isNew ? "was recorded" : "was rolled back");
  if (isNew) expect(timeless(after)).toEqual(timeless(undisturbed.standing));
  const event = isNew ? story.kind : "rolled-back";
  const added = isNew || underWay || story.fails ? [{ event, from: story.from, to: story.to, run }] : [];
  expect(after.history.slice(before.history.length)).toEqual(added);
  expect(versionOf(after)).toBe(isNew ? story.to : versionOf(before));
  expect(residueOf(machine, after)).toEqual([]);
  if (index % SWEEP_EVERY === 0) await expectLabel(story, isNew);
  report(context, {
    kind: machine.disk === null ? "kill point" : "power loss",
    name: `${story.name}: ${point.name}`,
    outcome: outcomeOf(isNew, underWay || story.fails === true),
    lost: isNew ? [] : lostOf(before, after),
    touched: touchedOf(before, after),
  });
  if (isNew || index % SWEEP_EVERY === 0) await bringBack(story);
}

async function killedAt({ machine }: Story, at: string): Promise<void> {
  expectKilled(await machine.run(RUN, { window: WINDOW, at }));
}

function expectKilled({ signal, exit, stderr }: CrashedRun): void {
  expect(signal, `it was not killed, but ended with ${exit}\n${stderr}`).toBe("SIGKILL");
}

/** The next start that takes the lock, and what it says that it put right. */
async function recover({ world }: Machine, index: number): Promise<string> {
  if (index % 3 === 2) {
    const { document, exit, stderr } = await world.json<Report>("sweep", "--only-sync");
    expect(exit, stderr).toBe(0);
    return document.recovered.join("\n");
  }
  const { document, exit, stderr } = await world.json<{ removed: string[] }>("clean");
  expect(exit, stderr).toBe(0);
  return document.removed.join("\n");
}

async function expectLabel(story: Story, isNew: boolean): Promise<void> {
  const { document } = await story.machine.world.json<Report>("sweep");
  expect(labelsOf(document)).toEqual({ notes: isNew ? "SKIP no-new-version" : story.label });
}

function outcomeOf(isNew: boolean, wasUnderWay: boolean): string {
  if (isNew) return "recorded: new record, new data";
  return wasUnderWay ? "rolled back: old record, old data" : "nothing was under way: old record, old data";
}

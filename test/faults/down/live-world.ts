import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Down } from "../../../src/core/down.ts";
import { VERIFY } from "../../support/sample-app.ts";
import { answerOf, createWorld, type SampleRecipe, type World } from "../../support/world.ts";

export const OLD = "1.0.0+1";
export const NEW = "1.1.0+1";
export const FAILED = `GREEN-BUT-PROMOTE-FAILED (canonical=${OLD}, expected ${NEW})`;

/** What a test asks of `status --json`. */
export interface Told {
  down: (Down & { command: string })[];
  needsHuman: { recipe: string }[];
}

/** A live canonical whose next release spoils its data, and whose old version starts only when it may. */
export interface LiveWorld {
  world: World;
  notes: SampleRecipe;
  /** What must be as it was: the record, the data and what is kept. */
  before: Standing;
  /** While it may not, `how` is what the deploy of the old version does: `exit 1` without it. */
  forbid(how?: string): void;
  allow(): void;
  /** Whether the new release spoils its data in the promotion; it does unless told otherwise. */
  spoils(does: boolean): void;
  status(): Promise<Told>;
  /** `canonical.json`, the data, and whether the old version answers. */
  standing(): Standing;
  answer(): Promise<string | null>;
  journal(): string | null;
}

interface Standing {
  record: string | null;
  notes: string | null;
}

export interface LiveWorldOptions {
  settings?: Readonly<Record<string, unknown>>;
  recipes?: readonly string[];
  /** The limit of a promotion, and of its rollback. */
  promote?: string;
  whenDone?: Parameters<typeof createWorld>[1];
}

/** Seeds live canonicals of the old version, and publishes the new one. */
export async function liveWorld({
  settings = {},
  recipes = ["notes"],
  promote = "2m",
  whenDone,
}: LiveWorldOptions = {}): Promise<LiveWorld> {
  const world = createWorld({ listen: "127.0.0.1:0", ...settings }, whenDone);
  const made = recipes.map((name) => makeLive(world, name, promote));
  const [notes] = made;
  if (notes === undefined) throw new Error("a world has a recipe");
  const seeded = await world.call("sweep");
  expect(seeded.exit, seeded.stderr).toBe(0);
  for (const recipe of made) recipe.publish(NEW);
  const standing = () => ({ record: notes.recordText(), notes: notes.notes() });
  return {
    world,
    notes,
    before: standing(),
    forbid: (how = "echo 'error: it may not start' >&2; exit 1") => writeFileSync(switchOf(world), how),
    allow: () => rmSync(switchOf(world), { force: true }),
    spoils: (does) => (does ? rmSync(isGood(world), { force: true }) : writeFileSync(isGood(world), "")),
    status: async () => (await world.json<Told>("status")).document,
    standing,
    answer: () => answerOf(world, "notes").catch(() => null),
    journal: () => world.read("canonical/notes/promotion.json"),
  };
}

function switchOf({ root }: World): string {
  return join(root, "old-may-not-start");
}

function isGood({ root }: World): string {
  return join(root, "new-is-good");
}

function makeLive(world: World, name: string, promote: string): SampleRecipe {
  const isOld = `[ "$SWEEP_INSTANCE" = warm ] && [ "$SWEEP_VERSION" = ${OLD} ]`;
  const spoil = `echo spoilt >${world.state}/data/${name}/notes.txt`;
  const isNew = `[ "$SWEEP_DOMAIN" = warm-${name}.ci.test ] && [ "$SWEEP_VERSION" = ${NEW} ] && [ ! -e ${isGood(world)} ]`;
  return world.recipe(name, {
    settings: { warm: "live", timeouts: { promote, deploy: promote } },
    commands: { backup: null, restore: null },
    files: {
      "before-deploy.sh": `if ${isOld} && [ -e ${switchOf(world)} ]; then . ${switchOf(world)}; fi\n`,
      "tests/data/verify": `${VERIFY}if ${isNew}; then ${spoil}; echo "error: spoilt"; exit 1; fi\n`,
    },
    releases: [OLD],
  });
}

/** That it is named as down wherever somebody looks, whatever the record says. */
export async function expectDown({ notes, status }: LiveWorld, problem: RegExp): Promise<void> {
  expect(notes.record()).toMatchObject({ version: OLD, status: "live" });
  const told = await status();
  expect(told.down).toMatchObject([{ recipe: "notes", command: "canonical-sweep roll" }]);
  expect(told.down[0]?.problem).toMatch(problem);
  expect(told.needsHuman.map(({ recipe }) => recipe)).toContain("notes");
}

/** That the old version answers on its old data, and nothing says otherwise any longer. */
export async function expectMended(live: LiveWorld): Promise<void> {
  expect(live.journal()).toBeNull();
  expect(live.world.read("canonical/notes/down.json")).toBeNull();
  expect(await live.answer()).toBe(OLD);
  expect(live.standing()).toEqual(live.before);
  expect((await live.status()).down).toEqual([]);
}

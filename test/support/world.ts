import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { endMarked, findMarked } from "../../src/command/process-group.ts";
import type { Canonical } from "../../src/core/canonical.ts";
import type { RecipeReport, Report } from "../../src/core/records/report.ts";
import { writeFile, writeFiles } from "./files.ts";
import { createMachine, type Machine, recordsOf } from "./machine.ts";
import { NODE, type RunningProgram } from "./program.ts";
import { COMMANDS, DATA_TESTS, SAYS_ITS_VERSION, SCRIPTS } from "./sample-app.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { createUpstream, type Upstream } from "./upstream.ts";

/** An operator's machine: a configuration folder, a state folder, upstreams, and the built program. */
export interface World extends Machine {
  root: string;
  configuration: string;
  upstreams: string;
  /** A recipe that is green in every tier, but for what `setup` says, with an empty upstream. */
  recipe(name: string, setup?: RecipeSetup): SampleRecipe;
  /** The processes whose data or scratch is below the state folder. */
  processes(): number[];
}

export interface RecipeSetup {
  /** What `recipe.yaml` has beyond, or instead of, what the sample has. */
  settings?: Readonly<Record<string, unknown>>;
  /** Commands of the sample that are replaced; null: left out. */
  commands?: Readonly<Record<string, string | null>>;
  /** Files of the configuration folder by path; null: not there. What begins with `#!` is executable. */
  files?: Readonly<Record<string, string | null>>;
  /** Versions that are published at once. */
  releases?: readonly string[];
}

export interface SampleRecipe {
  name: string;
  folder: string;
  upstream: Upstream;
  /** Replaces parts of the recipe's configuration. */
  change(setup: RecipeSetup): void;
  /** Commits and tags a release; `quirk` is what its deploy does differently. */
  publish(version: string, quirk?: string): { object: string; commit: string };
  /** `canonical.json`; null where there is none. */
  record(): Canonical | null;
  /** The bytes of `canonical.json`. */
  recordText(): string | null;
  /** What stands in the data of the canonical. */
  notes(): string | null;
}

/**
 * Makes an empty world; all that still runs in it is ended when the test has finished, or at another `end`. `below`
 * are folders that lead to it.
 */
export function createWorld(
  settings: Readonly<Record<string, unknown>> = {},
  whenDone: (end: () => void | Promise<void>) => void = onTestFinished,
  below = "",
): World {
  const root = join(temporaryFolder("world", whenDone), below);
  const configuration = join(root, "config");
  const state = join(configuration, "state");
  const upstreams = join(root, "upstreams");
  const recipes = new Map<string, Required<RecipeSetup>>();
  const running = new Set<RunningProgram>();
  whenDone(async () => {
    for (const { child } of running) child.kill("SIGKILL");
    await endMarked((environment) => isBelow(root, environment), 100);
  });
  const sweep = {
    domain: "ci.test",
    state: "./state",
    driver: "command",
    upstream: `${upstreams}/{recipe}`,
    disk: { minFree: "1MiB" },
    environment: { NODE },
    ...settings,
  };
  const world: World = {
    ...createMachine({ configuration, state, settings: sweep, running }),
    root,
    configuration,
    upstreams,
    recipe: (name, setup = {}) => makeRecipe(world, recipes, name, setup),
    processes: () => findMarked((environment) => isBelow(root, environment)),
  };
  return world;
}

/** The row of a recipe in a report. */
export function rowOf(report: Report, recipe: string): RecipeReport {
  const row = report.recipes.find((entry) => entry.recipe === recipe);
  if (row === undefined) throw new Error(`${recipe} has no row`);
  return row;
}

/** The labels of a report by recipe. */
export function labelsOf(report: Report): Record<string, string> {
  return Object.fromEntries(report.recipes.map((row) => [row.recipe, row.label]));
}

/** What the warm app of a recipe answers at `/`: its version. */
export async function answerOf(world: World, recipe: string): Promise<string> {
  const port = world.read("data", recipe, "run/port");
  return (await fetch(`http://127.0.0.1:${port}/`)).text();
}

/** Waits until a condition holds. */
export async function until(condition: () => boolean, limitMs = 60_000): Promise<void> {
  await expect.poll(condition, { timeout: limitMs, interval: 10 }).toBe(true);
}

function makeRecipe(
  world: World,
  recipes: Map<string, Required<RecipeSetup>>,
  name: string,
  setup: RecipeSetup,
): SampleRecipe {
  const folder = join(world.configuration, "recipes", name);
  const upstream = createUpstream(join(world.upstreams, name));
  const sample: SampleRecipe = {
    name,
    folder,
    upstream,
    change: (more) => {
      const before = recipes.get(name) ?? INITIAL;
      const after = {
        settings: { ...before.settings, ...more.settings },
        commands: { ...before.commands, ...more.commands },
        files: { ...before.files, ...more.files },
        releases: [],
      };
      recipes.set(name, after);
      writeRecipe(folder, after);
    },
    publish: (version, quirk) => {
      upstream.commit({ version, "quirk.sh": quirk ?? null });
      return upstream.tag(version);
    },
    ...recordsOf(world.state, name),
    notes: () => world.read("data", name, "notes.txt"),
  };
  sample.change(setup);
  for (const version of setup.releases ?? []) sample.publish(version);
  return sample;
}

const INITIAL: Required<RecipeSetup> = {
  settings: { canonical: true },
  commands: COMMANDS,
  files: { ...SCRIPTS, ...DATA_TESTS, "tests/install/says-its-version": SAYS_ITS_VERSION },
  releases: [],
};

function writeRecipe(folder: string, { settings, commands, files }: Required<RecipeSetup>): void {
  const set = Object.fromEntries(Object.entries(commands).filter(([, line]) => line !== null));
  writeFile(join(folder, "recipe.yaml"), JSON.stringify({ ...settings, commands: set }));
  writeFiles(folder, files);
}

function isBelow(root: string, environment: readonly string[]): boolean {
  return environment.some((entry) => /^SWEEP_(DATA|SCRATCH)=/.test(entry) && entry.includes(`=${root}/`));
}

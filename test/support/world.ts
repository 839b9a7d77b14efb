import { hash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { endMarked, findMarked } from "../../src/command/process-group.ts";
import type { Canonical } from "../../src/core/canonical.ts";
import type { RecipeReport, Report } from "../../src/core/records/report.ts";
import { NODE, type ProgramEnd, type RunningProgram, startProgram } from "./program.ts";
import { COMMANDS, DATA_TESTS, SAYS_ITS_VERSION, SCRIPTS } from "./sample-app.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { createUpstream, type Upstream } from "./upstream.ts";

/** An operator's machine: a configuration folder, a state folder, upstreams, and the built program. */
export interface World {
  root: string;
  configuration: string;
  state: string;
  upstreams: string;
  /** Adds to or replaces what stands in `sweep.yaml`. */
  configure(settings: Readonly<Record<string, unknown>>): void;
  /** A recipe that is green in every tier, but for what `setup` says, with an empty upstream. */
  recipe(name: string, setup?: RecipeSetup): SampleRecipe;
  /** Calls the program and waits for its end. */
  call(...words: string[]): Promise<ProgramEnd>;
  /** Calls the program with `--json` and returns its document. */
  json<T = Report>(...words: string[]): Promise<ProgramEnd & { document: T }>;
  start(...words: string[]): RunningProgram;
  /** The `report.json` of the newest run that has one. */
  report(): Report;
  /** The runs that have a folder, oldest first. */
  runs(): string[];
  /** The processes whose data or scratch is below the state folder. */
  processes(): number[];
  /** A file below the state folder; null where there is none. */
  read(...path: string[]): string | null;
  /** The content hash of every file below a folder of the state folder, by its absolute path. */
  files(...path: string[]): Record<string, string>;
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
  let sweep: Record<string, unknown> = {
    domain: "ci.test",
    state: "./state",
    driver: "command",
    upstream: `${upstreams}/{recipe}`,
    disk: { minFree: "1MiB" },
    environment: { NODE },
    ...settings,
  };
  const writeSweep = () => writeFile(join(configuration, "sweep.yaml"), JSON.stringify(sweep));
  const started: RunningProgram[] = [];
  whenDone(async () => {
    for (const { child } of started) child.kill("SIGKILL");
    await endMarked((environment) => isBelow(root, environment), 100);
  });
  const words = (given: readonly string[]) => ["--config", configuration, ...given];
  const start = (...given: string[]) => {
    const program = startProgram(words(given));
    started.push(program);
    return program;
  };
  const world: World = {
    root,
    configuration,
    state,
    upstreams,
    configure: (more) => {
      sweep = { ...sweep, ...more };
      writeSweep();
    },
    recipe: (name, setup = {}) => makeRecipe(world, recipes, name, setup),
    call: (...given) => start(...given).end,
    json: async <T>(...given: string[]) => {
      const end = await start("--json", ...given).end;
      return { ...end, document: parse<T>(end) };
    },
    start,
    report: () => newestReport(state),
    runs: () => list(join(state, "runs")),
    processes: () => findMarked((environment) => isBelow(root, environment)),
    read: (...path) => readIfAny(join(state, ...path)),
    files: (...path) => hashesBelow(join(state, ...path)),
  };
  writeSweep();
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
  const canonical = join(world.state, "canonical", name, "canonical.json");
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
    record: () => {
      const text = readIfAny(canonical);
      return text === null ? null : (JSON.parse(text) as Canonical);
    },
    recordText: () => readIfAny(canonical),
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
  for (const [path, content] of Object.entries(files)) {
    if (content === null) rmSync(join(folder, path), { force: true });
    else writeFile(join(folder, path), content);
  }
}

function writeFile(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  if (content.startsWith("#!")) chmodSync(path, 0o755);
}

function parse<T>(end: ProgramEnd): T {
  try {
    return JSON.parse(end.stdout) as T;
  } catch {
    throw new Error(`exit ${end.exit}, no JSON document on standard output: ${end.stdout}\n${end.stderr}`);
  }
}

function newestReport(state: string): Report {
  const text = list(join(state, "runs"))
    .toReversed()
    .map((run) => readIfAny(join(state, "runs", run, "report.json")))
    .find((found) => found !== null);
  if (text === undefined) throw new Error("no run has a report");
  return JSON.parse(text) as Report;
}

function isBelow(root: string, environment: readonly string[]): boolean {
  return environment.some((entry) => /^SWEEP_(DATA|SCRATCH)=/.test(entry) && entry.includes(`=${root}/`));
}

function list(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

function hashesBelow(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path, hash("sha256", readFileSync(path))];
    }),
  );
}

function readIfAny(path: string): string | null {
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}

import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { Report } from "../../src/core/records/report.ts";
import { LEASE_NAME } from "../../src/lane/lease.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { type GitServer, startGitServer } from "../support/git-server.ts";
import { DOCKER, helperImage } from "../support/images.ts";
import { type ProgramEnd, type RunningProgram, startProgram } from "../support/program.ts";
import { docker } from "../support/swarm.ts";
import { removeAllOf } from "./objects.ts";
import { queueForLane } from "./test-lane.ts";
import { makeRecipe, type RecipeSetup, readIfAny, type SwarmRecipe, writeFile } from "./world-recipe.ts";

/** An operator of a swarm: configuration, upstreams behind HTTP, an edge, and the built program. */
export interface SwarmWorld {
  root: string;
  /** Every domain, and so every stack, of this world ends with it. */
  domain: string;
  state: string;
  edge: Edge;
  git: GitServer;
  /** Adds to or replaces what stands in `sweep.yaml`. */
  configure(settings: Readonly<Record<string, unknown>>): void;
  /** A recipe that is green in every tier, with these releases published. */
  recipe(name: string, setup?: RecipeSetup): SwarmRecipe;
  /** Calls the program; waits for the lane where other tests have it. */
  call(...words: string[]): Promise<ProgramEnd>;
  /** The same with `--json`. */
  json<T = Report>(...words: string[]): Promise<ProgramEnd & { document: T }>;
  start(...words: string[]): RunningProgram;
  /** The same with more in the program's own environment. */
  startWith(environment: Readonly<Record<string, string>>, ...words: string[]): RunningProgram;
  /** A text below the state folder; null where there is none. */
  read(...path: string[]): string | null;
  /** Another state folder with the same configuration. */
  beside(): SwarmWorld;
  /** Ends what still runs, and removes all that the world made on the swarm. */
  close(): Promise<void>;
}

const ABRA = join(import.meta.dirname, "../programs/abra/abra");
/** How long the lane may be held by other tests. */
const LANE_LIMIT_MS = 600_000;
const LOOK_AGAIN_MS = 15_000;

/** A world for one test, gone when that has finished. */
export async function worldForTest(...options: Parameters<typeof openWorld>): Promise<SwarmWorld> {
  const world = await openWorld(...options);
  onTestFinished(() => world.close());
  return world;
}

/** Opens a world; whoever opens it closes it. `below` are folders that lead to all of it. */
export async function openWorld(
  driver: "swarm" | "abra" = "swarm",
  settings: Readonly<Record<string, unknown>> = {},
  below = "",
): Promise<SwarmWorld> {
  const leaveLane = await queueForLane();
  const top = mkdtempSync(join(realpathSync(tmpdir()), "sweep-"));
  const root = join(top, below);
  mkdirSync(root, { recursive: true });
  const domain = `${randomBytes(3).toString("hex")}.test`;
  const tools = join(root, "tools");
  mkdirSync(tools);
  if (driver === "abra") symlinkSync(ABRA, join(tools, "abra"));
  mkdirSync(join(root, "upstreams"));
  const [edge, git] = await Promise.all([startEdge(), startGitServer(join(root, "upstreams"))]);
  const children = new Set<RunningProgram>();
  const sweep = {
    domain,
    driver,
    upstream: `${git.url}/{recipe}.git`,
    edge: { address: "127.0.0.1", port: edge.port, scheme: "http" },
    path: [dirname(DOCKER), tools],
    tools: [{ name: "curl" }],
    environment: { EDGE: edge.address },
    snapshot: { helper: helperImage() },
    timeouts: { deploy: "90s", tier: "3m", promote: "3m" },
    disk: { minFree: "1MiB" },
    ...settings,
  };
  return makeWorld(
    { top, root, domain, edge, git, children, leaveLane, configuration: join(root, "config") },
    sweep,
    "state",
  );
}

async function closePlace({ children, domain, edge, git, leaveLane, top }: Place): Promise<void> {
  for (const { child } of children)
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  try {
    await Promise.all([...children].map((running) => running.end));
    await removeAllOf(domain);
    await Promise.all([edge.close(), git.close()]);
    rmSync(top, { recursive: true, force: true });
  } finally {
    await leaveLane();
  }
}

interface Place {
  /** The folder that goes with the world; `root` is in it. */
  top: string;
  root: string;
  domain: string;
  edge: Edge;
  git: GitServer;
  children: Set<RunningProgram>;
  configuration: string;
  leaveLane(): Promise<void>;
}

function makeWorld(place: Place, settings: Record<string, unknown>, stateName: string): SwarmWorld {
  const { root, configuration } = place;
  const state = join(root, stateName);
  let sweep = settings;
  const writeSweep = () => writeFile(join(configuration, "sweep.yaml"), JSON.stringify(sweep));
  const startWith = (environment: Readonly<Record<string, string>>, ...words: string[]) => {
    const env = { HOME: join(root, "home"), ...environment };
    const running = startProgram(["--config", configuration, "--state", state, ...words], { env });
    place.children.add(running);
    void running.end.then(() => place.children.delete(running));
    return running;
  };
  const start = (...words: string[]) => startWith({}, ...words);
  const call = (...words: string[]) => untilLaneIsFree(() => start(...words).end);
  writeSweep();
  return {
    root,
    domain: place.domain,
    state,
    edge: place.edge,
    git: place.git,
    configure: (more) => {
      sweep = { ...sweep, ...more };
      writeSweep();
    },
    recipe: (name, setup = {}) => makeRecipe(place, state, name, setup),
    call,
    json: async <T>(...words: string[]) => {
      const end = await call("--json", ...words);
      return { ...end, document: parse<T>(end) };
    },
    start,
    startWith,
    read: (...path) => readIfAny(join(state, ...path)),
    close: () => closePlace(place),
    beside: () => makeWorld(place, sweep, `${stateName}-beside`),
  };
}

// Somebody else may sweep the same swarm.
async function untilLaneIsFree(call: () => Promise<ProgramEnd>): Promise<ProgramEnd> {
  const until = Date.now() + LANE_LIMIT_MS;
  for (;;) {
    const end = await call();
    if (end.exit !== 75 || !end.stderr.includes("the lane is held") || Date.now() > until) return end;
    await laneIsFree();
  }
}

/** Waits for a while until nobody holds the lane of this swarm: a dead holder's is taken over by the next call. */
export async function laneIsFree(): Promise<void> {
  const holder = () => docker("config", "ls", "--quiet", "--filter", `name=${LEASE_NAME}`);
  const until = Date.now() + LOOK_AGAIN_MS;
  while (holder() !== "" && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 1_000));
}

/** Why each recipe has its label: what a failed expectation shows. */
export function detailsOf(report: Report): string {
  return report.recipes.map(({ recipe, label, detail }) => `${recipe}: ${label}: ${detail}`).join("\n");
}

function parse<T>(end: ProgramEnd): T {
  try {
    return JSON.parse(end.stdout) as T;
  } catch {
    throw new Error(`exit ${end.exit}, no JSON document on standard output: ${end.stdout}\n${end.stderr}`);
  }
}

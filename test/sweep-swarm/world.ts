import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Report } from "../../src/core/records/report.ts";
import { LEASE_NAME } from "../../src/lane/lease.ts";
import type { Edge } from "../support/edge.ts";
import type { GitServer } from "../support/git-server.ts";
import { createMachine, type Machine } from "../support/machine.ts";
import type { ProgramEnd } from "../support/program.ts";
import { docker } from "../support/swarm.ts";
import { openSite, type SwarmSite } from "../support/swarm-site.ts";
import { makeRecipe, type RecipeSetup, type SwarmRecipe } from "./world-recipe.ts";

/** An operator of a swarm: configuration, upstreams behind HTTP, an edge, and the built program. */
export interface SwarmWorld extends Machine {
  root: string;
  /** Every domain, and so every stack, of this world ends with it. */
  domain: string;
  edge: Edge;
  git: GitServer;
  /** A recipe that is green in every tier, with these releases published. */
  recipe(name: string, setup?: RecipeSetup): SwarmRecipe;
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
  const site = await openSite({ name: "sweep", wordBytes: 3, below });
  if (driver === "abra") symlinkSync(ABRA, join(site.tools, "abra"));
  const timeouts = { deploy: "90s", tier: "3m", promote: "3m" };
  return makeWorld(site, { ...site.settings, driver, timeouts, ...settings }, "state");
}

function makeWorld(site: SwarmSite, settings: Record<string, unknown>, stateName: string): SwarmWorld {
  const { root, configuration, domain, edge, git, running } = site;
  const state = join(root, stateName);
  const machine = createMachine({
    configuration,
    state,
    settings,
    options: ["--state", state],
    environment: { HOME: join(root, "home") },
    running,
    attempt: untilLaneIsFree,
  });
  return {
    ...machine,
    root,
    domain,
    edge,
    git,
    recipe: (name, setup = {}) => makeRecipe(site, state, name, setup),
    close: () => site.close({ signal: "SIGKILL" }),
    beside: () => makeWorld(site, machine.settings(), `${stateName}-beside`),
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

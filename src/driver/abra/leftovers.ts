import { join } from "node:path";
import type { Step } from "../../command/step.ts";
import type { App, Lane } from "../../core/app.ts";
import { type DockerObject, nameOf } from "../../docker/objects.ts";
import { type LedgerEntry, listEntries } from "../ledger.ts";
import { type AbraOptions, dockerOf } from "./abra-options.ts";
import { isRunning, readOwned } from "./ownership.ts";
import { removeApp, undeployApp } from "./undeploy.ts";

/** Where to search for leftovers of a state folder. */
interface Search {
  options: AbraOptions;
  lane: Lane;
  owner: string;
  /** Recipes whose warm app may run. */
  live: readonly string[];
  step: Step;
}

/**
 * Removes leftovers of dead runs: every cold app in the ledger. A running warm app whose recipe is not in `live` is
 * stopped; its volumes, secrets and entry stay.
 */
export async function removeStale(search: Search): Promise<string[]> {
  const { options, step } = search;
  const lines: string[] = [];
  for (const { app, objects } of await readStale(search)) {
    if (app.instance === "cold") await removeApp(options, app, step);
    else if (objects.length > 0) await undeployApp(options, app, step);
    lines.push(...objects.map(nameOf));
  }
  return lines;
}

/** The things that `removeStale` would remove. */
export async function findStale(search: Search): Promise<string[]> {
  const stale = await readStale(search);
  return stale.flatMap(({ objects }) => objects.map(nameOf));
}

async function readStale({
  options,
  lane,
  owner,
  live,
  step,
}: Search): Promise<{ app: App; objects: DockerObject[] }[]> {
  const stale: { app: App; objects: DockerObject[] }[] = [];
  for (const entry of listEntries(options.stateRoot, lane.name, owner)) {
    if (entry.instance === "warm" && live.includes(entry.recipe)) continue;
    const app = appOf(options, entry, lane);
    const { ours } = await readOwned(options, dockerOf(options, app), app, step);
    stale.push({ app, objects: entry.instance === "cold" ? ours : ours.filter(isRunning) });
  }
  return stale;
}

// The dead run's own files are gone: the ledger and Docker show what exists of the app.
function appOf(options: AbraOptions, entry: LedgerEntry, lane: Lane): App {
  const { recipe, instance, domain, stack, run, owner } = entry;
  return {
    ...{ recipe, instance, domain, stack, run, owner, lane },
    edge: { address: "127.0.0.1", port: 443, scheme: "https" },
    scratch: join(options.stateRoot, "scratch", run, stack),
    data: join(options.stateRoot, "scratch", run, stack, "data"),
    env: {},
    kept: null,
  };
}

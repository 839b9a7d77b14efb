import { join } from "node:path";
import type { Step } from "../../command/step.ts";
import { nameOf } from "../../docker/objects.ts";
import type { App, Lane } from "../driver.ts";
import { type AbraOptions, dockerOf } from "./abra-options.ts";
import { type LedgerEntry, listEntries } from "./ledger.ts";
import { isRunning, readOwned } from "./ownership.ts";
import { removeApp, undeployApp } from "./undeploy.ts";

/**
 * Removes what dead runs left: every cold app in the ledger. A warm one that runs and whose recipe is not in
 * `live` is stopped; its volumes, secrets and entry stay.
 */
export async function removeStale(
  options: AbraOptions,
  lane: Lane,
  owner: string,
  live: readonly string[],
  step: Step,
): Promise<string[]> {
  const entries = listEntries(options.stateRoot, lane.name, owner);
  const lines: string[] = [];
  for (const entry of entries) {
    const app = appOf(options, entry, lane);
    const { ours } = await readOwned(options, dockerOf(options, app), app, step);
    if (entry.instance === "cold") {
      await removeApp(options, app, step);
      lines.push(...ours.map(nameOf));
    } else if (!live.includes(entry.recipe) && ours.some(isRunning)) {
      await undeployApp(options, app, step);
      lines.push(...ours.filter(isRunning).map(nameOf));
    }
  }
  return lines;
}

// Nothing is left of the dead run's own files: what exists of the app is known by the ledger and by Docker.
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

import type { Step } from "../../command/step.ts";
import { refusal } from "../../docker/failure.ts";
import { nameOf, objectsOfStack } from "../../docker/objects.ts";
import type { App } from "../driver.ts";
import { type AbraOptions, dockerOf } from "./abra-options.ts";
import { addSecrets, readEntry, reserve } from "./ledger.ts";
import { isRunning } from "./ownership.ts";

/**
 * Takes over the volumes and secrets of an app that somebody else deployed with abra: from now on the ledger
 * covers them. Asked for by name (`adopt`), and refused while the app runs.
 */
export async function adoptApp(options: AbraOptions, app: App, step: Step): Promise<void> {
  if (readEntry(options.stateRoot, app) !== null) return;
  const objects = await objectsOfStack(dockerOf(options, app), app.stack, step);
  const running = objects.filter(isRunning);
  if (running.length > 0)
    throw refusal(`${app.stack} still runs: ${running.map(nameOf).slice(0, 5).join(", ")}`);
  const secrets = objects.filter(({ kind }) => kind === "secret").map(({ name }) => name);
  addSecrets(options.stateRoot, reserve(options.stateRoot, app, step.clock), secrets);
}

import type { Step } from "../../command/step.ts";
import type { Docker } from "../../docker/docker.ts";
import { refusal } from "../../docker/failure.ts";
import { isOwnedBy, STACK_NAMESPACE } from "../../docker/labels.ts";
import { type DockerObject, nameOf, objectsOfStack } from "../../docker/objects.ts";
import type { App } from "../driver.ts";
import { type LedgerEntry, readEntry, reserve } from "./ledger.ts";

export interface Owned {
  entry: LedgerEntry | null;
  ours: DockerObject[];
  foreign: DockerObject[];
}

/**
 * What exists of an app, and what of it is proven to be ours: our label (made by another driver of this state
 * folder), or a ledger entry that covers it. A stack that says it is of another recipe is never ours.
 */
export async function readOwned(stateRoot: string, docker: Docker, app: App, step: Step): Promise<Owned> {
  const entry = readEntry(stateRoot, app);
  const objects = await objectsOfStack(docker, app.stack, step);
  const taken = objects.some((object) => isOfOtherRecipe(object, app));
  const isOurs = (object: DockerObject) =>
    isOwnedBy(object.labels, app.owner) || (entry !== null && !taken && isCovered(object, entry));
  return {
    entry,
    ours: objects.filter(isOurs),
    foreign: objects.filter((object) => !isOurs(object)),
  };
}

/**
 * The app's ledger entry, written now if nothing of that name is on the swarm; refuses where something is that
 * is not ours.
 */
export async function claim(stateRoot: string, docker: Docker, app: App, step: Step): Promise<LedgerEntry> {
  const { entry, foreign } = await readOwned(stateRoot, docker, app, step);
  refuseForeign(app, foreign);
  return entry ?? reserve(stateRoot, app, step.clock);
}

export function refuseForeign(app: App, foreign: readonly DockerObject[]): void {
  if (foreign.length === 0) return;
  const names = foreign.map(nameOf).slice(0, 5).join(", ");
  throw refusal(`${app.stack} is not ours: ${names}${foreign.length > 5 ? " …" : ""}`);
}

/** Of a stack itself, secrets apart: what runs, and what goes with an undeploy. */
export function isRunning(object: DockerObject): boolean {
  return object.kind === "service" || object.kind === "container" || object.kind === "network";
}

function isCovered(object: DockerObject, entry: LedgerEntry): boolean {
  if (object.labels[STACK_NAMESPACE] === entry.stack) return true;
  return object.kind === "secret" && entry.secrets.includes(object.name);
}

function isOfOtherRecipe(object: DockerObject, app: App): boolean {
  const recipe = object.labels[`coop-cloud.${app.stack}.recipe`];
  return object.kind === "service" && recipe !== undefined && recipe !== app.recipe;
}

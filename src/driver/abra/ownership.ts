import type { Step } from "../../command/step.ts";
import type { App } from "../../core/app.ts";
import type { Docker } from "../../docker/docker.ts";
import { refusal } from "../../docker/failure.ts";
import { isOwnedBy, OWN, STACK_NAMESPACE } from "../../docker/labels.ts";
import { type DockerObject, nameOf, objectsOfStack } from "../../docker/objects.ts";
import type { IsOurs } from "../../docker/removal.ts";
import { type LedgerEntry, readEntry, reserve } from "../ledger.ts";
import { type AbraOptions, adoptedBy } from "./abra-options.ts";

export interface Owned {
  entry: LedgerEntry | null;
  /** Made by us: only this is ever removed. */
  ours: DockerObject[];
  /** Ours, and what was adopted. */
  usable: DockerObject[];
  foreign: DockerObject[];
  /** Whether an object is ours, by what Docker says of it now. */
  isOurs: IsOurs;
}

/**
 * What exists of an app, and what of it is proven to be ours: our label (made by another driver of this state
 * folder), or a ledger entry that covers it. A stack that says it is of another recipe is never ours.
 */
export async function readOwned(options: AbraOptions, docker: Docker, app: App, step: Step): Promise<Owned> {
  const entry = readEntry(options.stateRoot, app);
  const objects = await objectsOfStack(docker, app.stack, step);
  const taken = objects.some((object) => isOfOtherRecipe(object, app));
  const names = adoptedBy(options, app);
  const isAdopted = ({ kind, name }: DockerObject) => ADOPTABLE.has(kind) && names.includes(name);
  const isOurs = (object: DockerObject) =>
    !isAdopted(object) &&
    (isOwnedBy(object.labels, app.owner) || (entry !== null && !taken && isCovered(object, entry)));
  const ours = objects.filter(isOurs);
  const usable = [...ours, ...objects.filter(isAdopted)];
  return { entry, ours, usable, foreign: objects.filter((object) => !usable.includes(object)), isOurs };
}

const ADOPTABLE: ReadonlySet<string> = new Set(["volume", "secret", "config"]);

/**
 * The app's ledger entry, written now if nothing of that name is on the swarm; refuses where something is that
 * is not ours.
 */
export async function claim(
  options: AbraOptions,
  docker: Docker,
  app: App,
  step: Step,
): Promise<LedgerEntry> {
  const { entry, foreign } = await readOwned(options, docker, app, step);
  refuseForeign(app, foreign);
  return entry ?? reserve(options.stateRoot, app, step.clock);
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
  // Another state folder has made it.
  if (object.labels[OWN.state] !== undefined) return false;
  if (object.labels[STACK_NAMESPACE] === entry.stack) return true;
  return object.kind === "secret" && entry.secrets.includes(object.name);
}

function isOfOtherRecipe(object: DockerObject, app: App): boolean {
  const recipe = object.labels[`coop-cloud.${app.stack}.recipe`];
  return object.kind === "service" && recipe !== undefined && recipe !== app.recipe;
}

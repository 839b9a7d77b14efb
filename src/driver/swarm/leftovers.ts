import type { Step } from "../../command/step.ts";
import type { App } from "../../core/app.ts";
import type { Docker } from "../../docker/docker.ts";
import { ActFailed } from "../../docker/failure.ts";
import { ownershipOf } from "../../docker/hand-deployed.ts";
import { removePulledImage } from "../../docker/images.ts";
import { isOwnedBy, OWN } from "../../docker/labels.ts";
import { type DockerObject, listObjects, nameOf, objectsOfOwner } from "../../docker/objects.ts";
import { type IsOurs, refuseForeignUse, removeObjects } from "../../docker/removal.ts";
import { removeStack } from "../../docker/stack-removal.ts";
import { PULLED } from "./stack-file.ts";

/**
 * Stops an app; its volumes and generated secrets stay. Refuses if nothing of it is ours. Images pulled for a cold app
 * are removed here, because the services whose labels name them are.
 */
export async function undeployApp(docker: Docker, app: App, step: Step): Promise<void> {
  const services = await listObjects(docker, "service", [`label=${OWN.stack}=${app.stack}`], step);
  await undeployStack(docker, app.stack, app.owner, step);
  const own = services.filter(({ labels }) => isOwnedBy(labels, app.owner));
  if (app.instance === "cold") await removePulled(docker, own, step);
}

async function undeployStack(docker: Docker, stack: string, owner: string, step: Step): Promise<void> {
  await removeStack(docker, stack, await ownershipOf(docker, stack, owner, step), step);
}

async function removePulled(docker: Docker, objects: readonly DockerObject[], step: Step): Promise<string[]> {
  const lines: string[] = [];
  for (const mark of new Set(objects.flatMap(({ labels }) => labels[PULLED]?.split(" ") ?? []))) {
    const image = await removePulledImage(docker, mark, step);
    if (image !== null) lines.push(`image ${image}`);
  }
  return lines;
}

/**
 * Removes everything with our label for a stack: the stack itself, then volumes, secrets and configs, then the images
 * pulled for it. Returns a line for each thing removed. Data mounted by a foreign container stays, and so does
 * everything that belongs to it.
 */
export async function removeOwnStack(
  docker: Docker,
  stack: string,
  owner: string,
  step: Step,
): Promise<string[]> {
  const isOurs: IsOurs = ({ labels }) => isOwnedBy(labels, owner) && labels[OWN.stack] === stack;
  const read = async () => (await objectsOfOwner(docker, owner, step)).filter(isOurs);
  const before = await read();
  let objects = before;
  // If nothing of it is ours, it is a foreign stack of the same name.
  if (before.some(runs)) {
    await undeployStack(docker, stack, owner, step);
    // Docker removes some with the stack; the rest is read again.
    objects = await read();
  }
  await refuseForeignUse(docker, objects, ({ labels }) => isOwnedBy(labels, owner), step);
  await removeObjects(docker, objects, isOurs, step);
  return [...before.map(nameOf), ...(await removePulled(docker, before, step))];
}

/**
 * Removes every cold app of a state folder with everything made for it. Running warm apps are stopped, except for the
 * recipes in `live`; their data and secrets stay, whatever the records say.
 */
export async function removeStale(
  docker: Docker,
  owner: string,
  live: readonly string[],
  step: Step,
): Promise<string[]> {
  const { cold, running } = await readStale(docker, owner, live, step);
  const lines: string[] = [];
  for (const stack of stacksOf(cold))
    lines.push(...(await unlessRefused(() => removeOwnStack(docker, stack, owner, step), step)));
  for (const stack of stacksOf(running)) {
    const ended = async () => {
      await undeployStack(docker, stack, owner, step);
      return running.filter((object) => object.labels[OWN.stack] === stack).map(nameOf);
    };
    lines.push(...(await unlessRefused(ended, step)));
  }
  return lines;
}

// Objects in use by others stay, with a warning: they must not keep other recipes from being tested.
async function unlessRefused(remove: () => Promise<string[]>, step: Step): Promise<string[]> {
  try {
    return await remove();
  } catch (error) {
    if (!(error instanceof ActFailed) || error.failure.cause !== "refused") throw error;
    step.warn(error.failure.message);
    return [];
  }
}

/** The things that `removeStale` would remove. */
export async function findStale(
  docker: Docker,
  owner: string,
  live: readonly string[],
  step: Step,
): Promise<string[]> {
  const { cold, running } = await readStale(docker, owner, live, step);
  return [...cold, ...running].map(nameOf);
}

async function readStale(docker: Docker, owner: string, live: readonly string[], step: Step) {
  const objects = await objectsOfOwner(docker, owner, step);
  const isLive = (object: DockerObject) => live.includes(object.labels[OWN.recipe] ?? "");
  return {
    cold: objects.filter((object) => object.labels[OWN.instance] === "cold"),
    running: objects.filter(
      (object) => object.labels[OWN.instance] === "warm" && runs(object) && !isLive(object),
    ),
  };
}

function runs(object: DockerObject): boolean {
  return ["service", "container", "network"].includes(object.kind);
}

function stacksOf(objects: readonly DockerObject[]): Set<string> {
  return new Set(objects.map((object) => object.labels[OWN.stack]).filter((stack) => stack !== undefined));
}

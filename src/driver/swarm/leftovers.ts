import type { Step } from "../../command/step.ts";
import type { Docker } from "../../docker/docker.ts";
import { removePulledImage } from "../../docker/images.ts";
import { OWN } from "../../docker/labels.ts";
import { type DockerObject, nameOf, objectsOfOwner } from "../../docker/objects.ts";
import { removeObjects, removeStack } from "../../docker/removal.ts";
import { PULLED } from "./overlay.ts";

/**
 * Removes all that carries our label for a stack: the stack itself, then volumes, secrets and configs, then the
 * images that were pulled for it. Returns a line for each thing removed.
 */
export async function removeOwnStack(
  docker: Docker,
  stack: string,
  owner: string,
  step: Step,
): Promise<string[]> {
  const before = (await objectsOfOwner(docker, owner, step)).filter(
    (object) => object.labels[OWN.stack] === stack,
  );
  // Where nothing of it is ours, it is a foreign stack of the same name.
  if (before.some(runs)) await removeStack(docker, stack, owner, step);
  // Docker removes some with the stack; those that stay are looked at again, one by one.
  const objects = (await objectsOfOwner(docker, owner, step)).filter(
    (object) => object.labels[OWN.stack] === stack,
  );
  await removeObjects(docker, objects, owner, step);
  const images = new Set(before.flatMap((object) => object.labels[PULLED]?.split(" ") ?? []));
  const lines = before.map(nameOf);
  for (const image of images) if (await removePulledImage(docker, image, step)) lines.push(`image ${image}`);
  return lines;
}

/**
 * Removes every cold app of a state folder with all that was made for it. Warm ones are ended where something
 * of them runs, but for the recipes in `live`; their data and secrets stay, whatever the records say.
 */
export async function removeStale(
  docker: Docker,
  owner: string,
  live: readonly string[],
  step: Step,
): Promise<string[]> {
  const { cold, running } = await readStale(docker, owner, live, step);
  const lines: string[] = [];
  for (const stack of stacksOf(cold)) lines.push(...(await removeOwnStack(docker, stack, owner, step)));
  for (const stack of stacksOf(running)) {
    await removeStack(docker, stack, owner, step);
    lines.push(...running.filter((object) => object.labels[OWN.stack] === stack).map(nameOf));
  }
  return lines;
}

/** What `removeStale` would remove. */
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

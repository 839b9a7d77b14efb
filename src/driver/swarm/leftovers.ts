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
  await removeStack(docker, stack, owner, step);
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

/** Removes every cold app of a state folder, and its warm ones whose recipe is not recorded. */
export async function removeStale(
  docker: Docker,
  owner: string,
  recorded: readonly string[],
  step: Step,
): Promise<string[]> {
  const stale = (await objectsOfOwner(docker, owner, step)).filter((object) => isStale(object, recorded));
  const stacks = new Set(
    stale.map((object) => object.labels[OWN.stack]).filter((stack) => stack !== undefined),
  );
  const lines: string[] = [];
  for (const stack of stacks) lines.push(...(await removeOwnStack(docker, stack, owner, step)));
  return lines;
}

function isStale(object: DockerObject, recorded: readonly string[]): boolean {
  const { [OWN.instance]: instance, [OWN.recipe]: recipe } = object.labels;
  if (instance === "cold") return true;
  return instance === "warm" && recipe !== undefined && !recorded.includes(recipe);
}

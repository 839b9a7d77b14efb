import type { Asking } from "../command/step.ts";
import type { Inventory } from "../core/read-back.ts";
import type { Docker } from "./docker.ts";
import { ownershipOf } from "./hand-deployed.ts";
import { nameOf, objectsOfStack } from "./objects.ts";

/**
 * The objects of a stack: those that carry our label or were deployed by hand on our data, and those that only have its
 * name.
 */
export async function takeInventory(
  docker: Docker,
  stack: string,
  owner: string,
  asking: Asking,
): Promise<Inventory> {
  const objects = await objectsOfStack(docker, stack, asking);
  const isOurs = await ownershipOf(docker, stack, owner, asking);
  const names = (ours: boolean) =>
    objects
      .filter((object) => isOurs(object) === ours)
      .map(nameOf)
      .sort();
  return { ours: names(true), foreign: names(false) };
}

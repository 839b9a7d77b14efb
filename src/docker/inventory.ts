import type { Inventory } from "../driver/driver.ts";
import type { Asking, Docker } from "./docker.ts";
import { isHandDeployed } from "./hand-deployed.ts";
import { isOwnedBy, STACK_NAMESPACE } from "./labels.ts";
import { type DockerObject, nameOf, objectsOfStack } from "./objects.ts";

/** What exists of a stack: what carries our label or runs on our data, and what merely has its name. */
export async function takeInventory(
  docker: Docker,
  stack: string,
  owner: string,
  asking: Asking,
): Promise<Inventory> {
  const objects = await objectsOfStack(docker, stack, asking);
  const labelled = ({ labels }: DockerObject) => isOwnedBy(labels, owner);
  const runsOnOurs = !objects.every(labelled) && (await isHandDeployed(docker, stack, owner, asking));
  const isOurs = (object: DockerObject) =>
    labelled(object) || (runsOnOurs && object.labels[STACK_NAMESPACE] === stack);
  const names = (ours: boolean) =>
    objects
      .filter((object) => isOurs(object) === ours)
      .map(nameOf)
      .sort();
  return { ours: names(true), foreign: names(false) };
}

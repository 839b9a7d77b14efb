import type { Step } from "../command/step.ts";
import { GONE, IN_USE } from "./client-words.ts";
import type { Docker } from "./docker.ts";
import { ActFailed, demand, firstError, refusal } from "./failure.ts";
import { listIds, type ObjectKind } from "./inspect.ts";
import { STACK_NAMESPACE } from "./labels.ts";
import { type DockerObject, inspectObjects, nameOf } from "./objects.ts";
import { watch } from "./watch/watch.ts";

/** Whether an object may be removed, asked with Docker's description of it at that very moment. */
export type IsOurs = (object: DockerObject) => boolean;

/** How long to wait for an object in use: none of our containers runs when single objects are removed. */
const IN_USE_MS = 15_000;

/** Whether anything of a stack is deployed, by us or by others. */
export async function isStackDeployed(docker: Docker, stack: string, step: Step): Promise<boolean> {
  const kinds: ObjectKind[] = ["service", "container"];
  const found = await Promise.all(
    kinds.map((kind) => listIds(docker, kind, [`label=${STACK_NAMESPACE}=${stack}`], step)),
  );
  return found.some((ids) => ids.length > 0);
}

/**
 * Removes objects one by one, each only if it is ours at that very moment, and waits a while for those still in use.
 * Throws `ActFailed` at the end: `refused` for objects that are not ours, or that foreign ones use.
 */
export async function removeObjects(
  docker: Docker,
  objects: readonly DockerObject[],
  isOurs: IsOurs,
  step: Step,
): Promise<void> {
  let refused: ActFailed | null = null;
  for (const object of objects) {
    try {
      await removeObject(docker, object, isOurs, step);
    } catch (error) {
      if (!(error instanceof ActFailed) || error.failure.cause !== "refused") throw error;
      refused ??= error;
    }
  }
  if (refused !== null) throw refused;
}

/** Refuses if a foreign container, running or not, mounts one of these volumes: none is removed then. */
export async function refuseForeignUse(
  docker: Docker,
  volumes: readonly DockerObject[],
  isOurs: IsOurs,
  step: Step,
): Promise<void> {
  for (const volume of volumes.filter(({ kind }) => kind === "volume")) {
    const ids = await listIds(docker, "container", [`volume=${volume.name}`], step);
    const users = await inspectObjects(docker, "container", ids, step);
    const foreign = users.find((container) => !isOurs(container));
    if (foreign !== undefined)
      throw refusal(`${nameOf(volume)} stays: ${nameOf(foreign)}, which is not ours, mounts it`);
  }
}

async function removeObject(docker: Docker, object: DockerObject, isOurs: IsOurs, step: Step): Promise<void> {
  let inUseSinceMs: number | null = null;
  await watch<void>({
    docker,
    asking: step,
    say: (line) => step.say(line),
    look: async () => {
      // By id: another object may have been made under the same name meanwhile.
      const [now] = await inspectObjects(docker, object.kind, [object.id], step);
      if (now === undefined) return { done: undefined };
      if (!isOurs(now)) return { failed: refusal(`${nameOf(now)} is not ours: it is left alone`) };
      const force = object.kind === "container" ? ["--force", "--volumes"] : [];
      const args = [object.kind, "rm", ...force, "--", now.id];
      const result = await docker.act(step, args, { capture: true });
      if (result.ok || GONE.test(result.stderr)) return { done: undefined };
      if (!IN_USE.test(result.stderr)) demand(result, step);
      inUseSinceMs ??= step.clock.now();
      if (step.clock.now() - inUseSinceMs > IN_USE_MS)
        return { failed: refusal(`${nameOf(now)} stays: ${firstError(result.stderr)}`) };
      return { waitingFor: `${nameOf(now)}, still in use` };
    },
  });
}

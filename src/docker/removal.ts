import type { Step } from "../command/step.ts";
import { GONE, IN_USE } from "./client-words.ts";
import type { Docker } from "./docker.ts";
import { ActFailed, demand, firstError, refusal } from "./failure.ts";
import { listIds, type ObjectKind } from "./inspect.ts";
import { STACK_NAMESPACE } from "./labels.ts";
import { type DockerObject, inspectObjects, nameOf } from "./objects.ts";
import { watch } from "./watch/watch.ts";

/** Whether an object may be removed; asked of what Docker says of it at that very moment. */
export type IsOurs = (object: DockerObject) => boolean;

/** How long what is in use is waited for: nothing of ours runs any more when single objects are removed. */
const IN_USE_MS = 15_000;

/** Whether anything of a stack is deployed, whoever made it. */
export async function isStackDeployed(docker: Docker, stack: string, step: Step): Promise<boolean> {
  const kinds: ObjectKind[] = ["service", "container"];
  const found = await Promise.all(
    kinds.map((kind) => listIds(docker, kind, [`label=${STACK_NAMESPACE}=${stack}`], step)),
  );
  return found.some((ids) => ids.length > 0);
}

/**
 * Removes objects one by one, each only if it is ours at that very moment, and waits a while for those that
 * something still uses. Throws `ActFailed` in the end: `refused` for what is not ours, or is used by what is not.
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

/** Refuses where a container that is not ours mounts one of these volumes, running or not: it stays, whole. */
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
      // By its id: what somebody else has made under its name meanwhile is another object.
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

import type { Step } from "../../command/step.ts";
import type { Docker } from "../../docker/docker.ts";
import { daemonTime } from "../../docker/events.ts";
import { demand, refusal } from "../../docker/failure.ts";
import { listIds } from "../../docker/inspect.ts";
import { STACK_NAMESPACE } from "../../docker/labels.ts";
import { type DockerObject, inspectObjects, nameOf } from "../../docker/objects.ts";
import { listTaskIds } from "../../docker/sight.ts";
import { type Look, watch } from "../../docker/watch.ts";

/** How often `stack rm` is repeated while networks stay: it may say `network … is in use by task`. */
const AGAIN_AFTER_MS = 3_000;

/**
 * Waits until no service, task, container and network of a stack is left. abra's undeploy returns long before,
 * and may leave a network that was in use: that is removed again after a while.
 */
export async function waitUntilGone(docker: Docker, stack: string, since: string, step: Step): Promise<void> {
  let removedAtMs = step.clock.now();
  await watch<void>({
    docker,
    since,
    asking: step,
    say: (line) => step.say(line),
    look: async (): Promise<Look<void>> => {
      const left = await remains(docker, stack, step);
      if (left.length === 0) return { done: undefined };
      const isStuck = left.every((kind) => kind === "network" || kind === "service");
      if (isStuck && step.clock.now() - removedAtMs > AGAIN_AFTER_MS) {
        await docker.act(step, ["stack", "rm", stack]);
        removedAtMs = step.clock.now();
      }
      return { waitingFor: `${left.join(", ")} of ${stack} to be gone` };
    },
  });
}

/**
 * Removes objects one by one, each only if it is ours at that very moment, and waits for those that something
 * still uses.
 */
export async function removeEach(
  docker: Docker,
  objects: readonly DockerObject[],
  isOurs: (object: DockerObject) => boolean,
  step: Step,
): Promise<void> {
  for (const object of objects) await removeOne(docker, object, isOurs, step);
}

async function removeOne(
  docker: Docker,
  object: DockerObject,
  isOurs: (object: DockerObject) => boolean,
  step: Step,
): Promise<void> {
  await watch<void>({
    docker,
    since: await daemonTime(docker, step),
    asking: step,
    say: (line) => step.say(line),
    look: async (): Promise<Look<void>> => {
      const [now] = await inspectObjects(docker, object.kind, [object.id], step);
      if (now === undefined) return { done: undefined };
      if (!isOurs(now)) throw refusal(`${nameOf(now)} is not ours: it is left alone`);
      const force = object.kind === "container" ? ["--force", "--volumes"] : [];
      const result = await docker.act(step, [object.kind, "rm", ...force, "--", object.id], {
        capture: true,
      });
      if (result.ok || /no such|not found/i.test(result.stderr)) return { done: undefined };
      if (!/in use|has active endpoints|is being used/i.test(result.stderr)) demand(result, step);
      return { waitingFor: `${nameOf(now)}, still in use` };
    },
  });
}

async function remains(docker: Docker, stack: string, step: Step): Promise<string[]> {
  const filter = [`label=${STACK_NAMESPACE}=${stack}`];
  const kinds = ["service", "container", "network"] as const;
  const counted = kinds.map(async (kind) => ({ kind, ids: await listIds(docker, kind, filter, step) }));
  const tasks = listTaskIds(docker, stack, step).then((ids) => ({ kind: "task", ids }));
  const found = await Promise.all([...counted, tasks]);
  return found.filter(({ ids }) => ids.length > 0).map(({ kind }) => kind);
}

import type { Step } from "../command/step.ts";
import type { Docker } from "./docker.ts";
import { daemonTime } from "./events.ts";
import { demand, refusal } from "./failure.ts";
import { isHandDeployed } from "./hand-deployed.ts";
import { listIds, type ObjectKind } from "./inspect.ts";
import { isOwnedBy, STACK_NAMESPACE } from "./labels.ts";
import { type DockerObject, inspectObjects, listObjects, nameOf } from "./objects.ts";
import { listTaskIds } from "./sight.ts";
import { type Look, watch } from "./watch.ts";

/** How often `stack rm` is repeated while networks stay: it may say `network … is in use by task`. */
const AGAIN_AFTER_MS = 3_000;

/**
 * Removes a stack and waits until no service, task, container and network of it is left: a new deploy before
 * that fails with `network … not found`, or runs beside the old one on the same volumes. Throws `ActFailed`:
 * `refused` where a service of that stack is not ours and does not run on our data either.
 */
export async function removeStack(docker: Docker, stack: string, owner: string, step: Step): Promise<void> {
  const services = await listObjects(docker, "service", [`label=${STACK_NAMESPACE}=${stack}`], step);
  const foreign = services.find((service) => !isOwnedBy(service.labels, owner));
  if (foreign !== undefined && !(await isHandDeployed(docker, stack, owner, step)))
    throw refusal(`${nameOf(foreign)} was not made by this program: it is left alone`);
  const since = await daemonTime(docker, step);
  const first = await remains(docker, stack, step);
  if (first.length === 0) return;
  let removedAtMs = await runStackRemoval(docker, stack, step);
  await watch<void>({
    docker,
    since,
    asking: step,
    say: (line) => step.say(line),
    look: async (): Promise<Look<void>> => {
      const left = await remains(docker, stack, step);
      if (left.length === 0) return { done: undefined };
      const stuck = left.every((kind) => kind === "network" || kind === "service");
      if (stuck && step.clock.now() - removedAtMs > AGAIN_AFTER_MS)
        removedAtMs = await runStackRemoval(docker, stack, step);
      return { waitingFor: `${left.join(", ")} of ${stack} to be gone` };
    },
  });
}

/** Whether anything of a stack is deployed, whoever made it. */
export async function isStackDeployed(docker: Docker, stack: string, step: Step): Promise<boolean> {
  const kinds: ObjectKind[] = ["service", "container"];
  const found = await Promise.all(
    kinds.map((kind) => listIds(docker, kind, [`label=${STACK_NAMESPACE}=${stack}`], step)),
  );
  return found.some((ids) => ids.length > 0);
}

/**
 * Removes objects one by one, each only if it carries our label at that very moment, and waits for those that
 * something still uses. Returns a line for each one that is gone.
 */
export async function removeObjects(
  docker: Docker,
  objects: readonly DockerObject[],
  owner: string,
  step: Step,
): Promise<string[]> {
  const removed: string[] = [];
  for (const object of objects)
    if (await removeObject(docker, object, owner, step)) removed.push(nameOf(object));
  return removed;
}

async function removeObject(
  docker: Docker,
  object: DockerObject,
  owner: string,
  step: Step,
): Promise<boolean> {
  const since = await daemonTime(docker, step);
  return watch<boolean>({
    docker,
    since,
    asking: step,
    say: (line) => step.say(line),
    look: async () => {
      const [now] = await inspectObjects(docker, object.kind, [object.id], step);
      if (now === undefined) return { done: false };
      if (!isOwnedBy(now.labels, owner))
        return { failed: refusal(`${nameOf(now)} is not ours: it is left alone`) };
      const force = object.kind === "container" ? ["--force", "--volumes"] : [];
      const result = await docker.act(step, [object.kind, "rm", ...force, "--", object.id], {
        capture: true,
      });
      if (result.ok) return { done: true };
      if (!/in use|has active endpoints|is being used|no such|not found/i.test(result.stderr))
        demand(result, step);
      return { waitingFor: `${nameOf(now)}, still in use` };
    },
  });
}

async function runStackRemoval(docker: Docker, stack: string, step: Step): Promise<number> {
  await docker.act(step, ["stack", "rm", stack]);
  return step.clock.now();
}

/** The kinds of things that are left of a stack; volumes, and what only carries our label, do not count. */
async function remains(docker: Docker, stack: string, step: Step): Promise<string[]> {
  const kinds: ObjectKind[] = ["service", "container", "network"];
  const filter = [`label=${STACK_NAMESPACE}=${stack}`];
  const counted = kinds.map(async (kind) => ({ kind, ids: await listIds(docker, kind, filter, step) }));
  const tasks = listTaskIds(docker, stack, step).then((ids) => ({ kind: "task", ids }));
  const found = await Promise.all([...counted, tasks]);
  return found.filter(({ ids }) => ids.length > 0).map(({ kind }) => kind);
}

import type { Step } from "../command/step.ts";
import { errorLines, GONE, IN_USE } from "./client-words.ts";
import type { Docker } from "./docker.ts";
import { demand, firstError, refusal } from "./failure.ts";
import { inspect, listIds, type ObjectKind } from "./inspect.ts";
import { STACK_NAMESPACE } from "./labels.ts";
import { type DockerObject, inspectObjects, listObjects, nameOf } from "./objects.ts";
import type { IsOurs } from "./removal.ts";
import { daemonTime } from "./watch/events.ts";
import { listTaskIds } from "./watch/read-stack.ts";
import { type Look, watch } from "./watch/watch.ts";

// In the order in which they release each other. Volumes are not part of a stack's removal.
const REMOVED = ["service", "secret", "config", "network"] as const;
/** How long to wait for a network once none of our containers runs: something foreign is on it. */
const NETWORK_IN_USE_MS = 15_000;
/** Containers go some six seconds after their service, with an event; until then nothing else is asked. */
const CONTAINER_BACKSTOP_MS = 3_000;

/**
 * Removes our objects of a stack, each by its id and only if it is ours at that very moment, and waits until no
 * service, task, container or network of ours is left: an earlier deploy fails with `network … not found`, or runs
 * beside the old one on the same volumes. Foreign objects in a stack of that name stay (`docker stack rm` would remove
 * them). Throws `ActFailed`: `refused` if nothing of it is ours.
 */
export async function removeStack(docker: Docker, stack: string, isOurs: IsOurs, step: Step): Promise<void> {
  const found = await objectsInNamespace(docker, stack, step);
  const foreign = found.filter((object) => !isOurs(object));
  const service = foreign.find(({ kind }) => kind === "service");
  if (service !== undefined && foreign.length === found.length)
    throw refusal(`${nameOf(service)} was not made by this program: it is left alone`);
  const services = new Set(foreign.filter(({ kind }) => kind === "service").map(({ id }) => id));
  const removal: Removal = {
    ...{ docker, stack, isOurs, step, services },
    listed: found,
    sorted: new Map(),
    isAsked: false,
    idleSinceMs: null,
  };
  if (found.length === foreign.length && (await whatRuns(removal)).length === 0) return;
  if (foreign.length > 0)
    step.warn(`in the stack ${stack}, but not ours, and left alone: ${foreign.map(nameOf).join(", ")}`);
  const since = await daemonTime(docker, step);
  await watch<void>({
    docker,
    since,
    asking: step,
    say: (line) => step.say(line),
    onEvent: ({ action, stack: of }) => of === stack && action === "destroy",
    look: () => removeWhatIsThere(removal),
  });
}

interface Removal {
  docker: Docker;
  stack: string;
  isOurs: IsOurs;
  step: Step;
  /** Objects that the first look need not list again; null after it. */
  listed: readonly DockerObject[] | null;
  /** Whether each object seen so far is ours; objects to be removed are checked anew each time. */
  sorted: Map<string, boolean>;
  /** The ids of foreign services. */
  services: Set<string>;
  /** Docker was asked to remove everything that it releases while containers run. */
  isAsked: boolean;
  /** Time since which no container of ours runs and only networks are left. */
  idleSinceMs: number | null;
}

async function objectsInNamespace(docker: Docker, stack: string, step: Step): Promise<DockerObject[]> {
  const filter = [`label=${STACK_NAMESPACE}=${stack}`];
  const kinds: ObjectKind[] = [...REMOVED, "container"];
  return (await Promise.all(kinds.map((kind) => listObjects(docker, kind, filter, step)))).flat();
}

async function removeWhatIsThere(removal: Removal): Promise<Look<void>> {
  const { clock } = removal.step;
  if (removal.isAsked && (await containers(removal)).length > 0)
    return { waitingFor: `container of ${removal.stack} to be gone`, againInMs: CONTAINER_BACKSTOP_MS };
  let refused = "";
  const left: string[] = [];
  for (const kind of REMOVED) {
    const end = await removeKind(removal, kind);
    if (end.left) left.push(kind);
    refused ||= end.said;
  }
  removal.listed = null;
  const running = await whatRuns(removal);
  removal.isAsked = !left.some((kind) => kind !== "network");
  if (left.length === 0 && running.length === 0) return { done: undefined };
  if (running.length > 0) removal.idleSinceMs = null;
  else removal.idleSinceMs ??= clock.now();
  if (removal.idleSinceMs !== null && clock.now() - removal.idleSinceMs > NETWORK_IN_USE_MS)
    return { failed: refusal(`${left.join(", ")} of ${removal.stack} cannot be removed: ${refused}`) };
  return { waitingFor: `${[...left, ...running].join(", ")} of ${removal.stack} to be gone` };
}

async function removeKind(
  removal: Removal,
  kind: (typeof REMOVED)[number],
): Promise<{ left: boolean; said: string }> {
  const { docker, isOurs, listed, stack, step } = removal;
  const ids =
    listed?.filter((object) => object.kind === kind).map(({ id }) => id) ??
    (await listIds(docker, kind, [`label=${STACK_NAMESPACE}=${stack}`], step));
  const known = ids.filter((id) => removal.sorted.get(id) !== false);
  const objects = await inspectObjects(docker, kind, known, step);
  const ours = objects.filter((object) => isOurs(object));
  for (const object of objects.filter((one) => !ours.includes(one))) {
    removal.sorted.set(object.id, false);
    if (kind === "service") removal.services.add(object.id);
  }
  if (ours.length === 0) return { left: false, said: "" };
  const args = [kind, "rm", ...ours.map(({ id }) => id)];
  const result = await docker.act(step, args, { capture: true });
  // Docker reports a network as removed while a node still holds it: it counts as left until it is no longer listed.
  if (result.ok) return { left: kind === "network", said: "" };
  const errors = errorLines(result.stderr).filter((line) => !GONE.test(line));
  const other = errors.find((line) => !IN_USE.test(line));
  if (other !== undefined) demand({ ...result, stderr: other }, step);
  return { left: kind === "network" || errors.length > 0, said: firstError(errors.join("\n")) ?? "" };
}

/** The kinds of our objects that still run. */
async function whatRuns(removal: Removal): Promise<string[]> {
  const running = await containers(removal);
  const tasks = await ownTasks(removal);
  return [...(running.length > 0 ? ["container"] : []), ...(tasks.length > 0 ? ["task"] : [])];
}

async function containers({ docker, isOurs, sorted, stack, step }: Removal): Promise<string[]> {
  const ids = await listIds(docker, "container", [`label=${STACK_NAMESPACE}=${stack}`], step);
  const unknown = ids.filter((id) => !sorted.has(id));
  for (const object of await inspectObjects(docker, "container", unknown, step))
    sorted.set(object.id, isOurs(object));
  return ids.filter((id) => sorted.get(id) === true);
}

// Tasks have no stack label; those of foreign services are recognised by their service.
async function ownTasks({ docker, services, stack, step }: Removal): Promise<string[]> {
  const ids = await listTaskIds(docker, stack, step);
  if (services.size === 0) return ids;
  const tasks = (await inspect(docker, "task", ids, step)) as { ID: string; ServiceID: string }[];
  return tasks.filter(({ ServiceID: service }) => !services.has(service)).map(({ ID: id }) => id);
}

import { z } from "zod";
import type { Asking } from "../command/step.ts";
import type { Docker } from "./docker.ts";
import { inspect } from "./inspect.ts";
import { isOwnedBy, OWN, STACK_NAMESPACE } from "./labels.ts";
import { type DockerObject, listObjects } from "./objects.ts";
import type { IsOurs } from "./removal.ts";

const Service = z.object({
  Spec: z.object({
    TaskTemplate: z.object({
      ContainerSpec: z.object({ Mounts: z.array(z.object({ Source: z.string().nullish() })).nullish() }),
    }),
  }),
});

/** The label that swarm puts on the containers of a service. */
const SERVICE_ID = "com.docker.swarm.service.id";

/**
 * Decides what is ours of a stack: objects with our label and, for a canonical deployed by hand, the objects of that
 * deploy, by id. Secrets made by hand are excluded: they could not be restored.
 */
export async function ownershipOf(
  docker: Docker,
  stack: string,
  owner: string,
  asking: Asking,
): Promise<IsOurs> {
  const byHand = await deployedByHand(docker, stack, owner, asking);
  return ({ id, labels }) =>
    isOwnedBy(labels, owner) || byHand.has(id) || byHand.has(labels[SERVICE_ID] ?? "");
}

/**
 * A stack without our label, or with that of another state folder, that runs on our data: one of its services mounts a
 * volume that we made for this very stack. That is a canonical deployed by hand. A service that somebody added to one
 * of our stacks does not count.
 */
async function deployedByHand(
  docker: Docker,
  stack: string,
  owner: string,
  asking: Asking,
): Promise<ReadonlySet<string>> {
  const inNamespace = [`label=${STACK_NAMESPACE}=${stack}`];
  const services = await listObjects(docker, "service", inNamespace, asking);
  if (services.length === 0 || services.some(({ labels }) => labels[OWN.state] !== undefined))
    return new Set();
  const volumes = await listObjects(docker, "volume", [`label=${OWN.stack}=${stack}`], asking);
  const ours = new Set(volumes.filter(({ labels }) => isOwnedBy(labels, owner)).map(({ name }) => name));
  if (ours.size === 0 || !(await mountsOne(docker, services, ours, asking))) return new Set();
  const kinds = ["config", "network", "container"] as const;
  const others = await Promise.all(kinds.map((kind) => listObjects(docker, kind, inNamespace, asking)));
  return new Set([...services, ...others.flat()].map(({ id }) => id));
}

async function mountsOne(
  docker: Docker,
  services: readonly DockerObject[],
  volumes: ReadonlySet<string>,
  asking: Asking,
): Promise<boolean> {
  const ids = services.map(({ id }) => id);
  const entries = await inspect(docker, "service", ids, asking);
  return entries
    .flatMap((entry) => Service.parse(entry).Spec.TaskTemplate.ContainerSpec.Mounts ?? [])
    .some(({ Source: source }) => volumes.has(source ?? ""));
}

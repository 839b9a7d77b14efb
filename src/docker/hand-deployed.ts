import { z } from "zod";
import type { Asking, Docker } from "./docker.ts";
import { inspect, listIds } from "./inspect.ts";
import { isOwnedBy, OWN, STACK_NAMESPACE } from "./labels.ts";
import { listObjects } from "./objects.ts";

const Service = z.object({
  Spec: z.object({
    TaskTemplate: z.object({
      ContainerSpec: z.object({ Mounts: z.array(z.object({ Source: z.string().nullish() })).nullish() }),
    }),
  }),
});

/**
 * Whether a stack that carries no label of ours runs on our data all the same: one of its services mounts a
 * volume that was made by us for this very stack. So a canonical looks that somebody has deployed by hand.
 */
export async function isHandDeployed(
  docker: Docker,
  stack: string,
  owner: string,
  asking: Asking,
): Promise<boolean> {
  const volumes = await listObjects(docker, "volume", [`label=${OWN.stack}=${stack}`], asking);
  const ours = new Set(volumes.filter(({ labels }) => isOwnedBy(labels, owner)).map(({ name }) => name));
  if (ours.size === 0) return false;
  const ids = await listIds(docker, "service", [`label=${STACK_NAMESPACE}=${stack}`], asking);
  const services = (await inspect(docker, "service", ids, asking)).map((entry) => Service.parse(entry));
  const mounts = services.flatMap(({ Spec: spec }) => spec.TaskTemplate.ContainerSpec.Mounts ?? []);
  return mounts.some(({ Source: source }) => ours.has(source ?? ""));
}

import { z } from "zod";
import type { Asking } from "../command/step.ts";
import type { Docker } from "./docker.ts";
import { inspect, listIds } from "./inspect.ts";
import { STACK_NAMESPACE } from "./labels.ts";

/** A name of a stack's service that another stack's service has too, on a network of both: either may answer. */
export interface Collision {
  alias: string;
  network: string;
  /** `<service>: address, …` for every stack, including the own stack's addresses on its other networks. */
  answers: string[];
}

const Service = z.object({
  ID: z.string(),
  Spec: z.object({
    Name: z.string(),
    Labels: z.record(z.string(), z.string()).nullish(),
    TaskTemplate: z.object({
      Networks: z.array(z.object({ Target: z.string(), Aliases: z.array(z.string()).nullish() })).nullish(),
    }),
  }),
  Endpoint: z
    .object({
      VirtualIPs: z.array(z.object({ NetworkID: z.string(), Addr: z.string().nullish() })).nullish(),
    })
    .nullish(),
});
type Service = z.infer<typeof Service>;

const Network = z.object({
  Id: z.string(),
  Name: z.string(),
  Containers: z
    .record(z.string(), z.object({ Name: z.string(), IPv4Address: z.string().nullish() }))
    .nullish(),
});
type Network = z.infer<typeof Network>;

/**
 * Aliases of a stack's services that services of other stacks have on one of its networks. The own service need not be
 * on that network: a container on both networks may reach the foreign service first.
 */
export async function findCollisions(docker: Docker, stack: string, asking: Asking): Promise<Collision[]> {
  const services = (
    await inspect(docker, "service", await listIds(docker, "service", [], asking), asking)
  ).map((entry) => Service.parse(entry));
  const own = services.filter((service) => service.Spec.Labels?.[STACK_NAMESPACE] === stack);
  const targets = [
    ...new Set(own.flatMap((service) => networksOf(service).map((network) => network.Target))),
  ];
  const networks = (await inspect(docker, "network", targets, asking)).map((entry) => Network.parse(entry));
  return networks.flatMap((network) => collisionsOn(network, networks, own, services));
}

function collisionsOn(
  network: Network,
  networks: readonly Network[],
  own: readonly Service[],
  all: readonly Service[],
): Collision[] {
  const aliases = new Set(own.flatMap(networksOf).flatMap(({ Aliases }) => Aliases ?? []));
  return [...aliases].flatMap((alias) => {
    const holders = all.filter((service) => aliasesOn(network, service).includes(alias));
    if (holders.every((service) => own.includes(service))) return [];
    const elsewhere = networks
      .filter((other) => other !== network)
      .flatMap((other) =>
        own
          .filter((service) => aliasesOn(other, service).includes(alias))
          .map((service) => `${answerOf(other, service)} (on the network ${other.Name})`),
      );
    const answers = [...holders.map((service) => answerOf(network, service)), ...elsewhere];
    return [{ alias, network: network.Name, answers }];
  });
}

function answerOf(network: Network, service: Service): string {
  return `${service.Spec.Name}: ${addressesOf(network, service).join(", ") || "no task"}`;
}

function networksOf(service: Service) {
  return service.Spec.TaskTemplate.Networks ?? [];
}

function aliasesOn(network: Network, service: Service): string[] {
  return networksOf(service)
    .filter((attached) => attached.Target === network.Id || attached.Target === network.Name)
    .flatMap((attached) => attached.Aliases ?? []);
}

// A name resolves to the service's virtual address, or, without one, to its tasks' addresses. A task's container is
// named `<service>.<slot>.<id>`.
function addressesOf(network: Network, { Endpoint, Spec }: Service): string[] {
  const virtual = (Endpoint?.VirtualIPs ?? []).filter(({ NetworkID }) => NetworkID === network.Id);
  if (virtual.length > 0) return virtual.map(({ Addr }) => withoutMask(Addr));
  return Object.values(network.Containers ?? {})
    .filter((container) => container.Name.startsWith(`${Spec.Name}.`))
    .map((container) => withoutMask(container.IPv4Address));
}

function withoutMask(address: string | null | undefined): string {
  return (address ?? "").replace(/\/\d+$/, "");
}

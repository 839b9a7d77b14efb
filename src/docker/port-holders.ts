import { z } from "zod";
import type { Asking } from "../command/step.ts";
import type { Docker } from "./docker.ts";
import { inspect, listIds } from "./inspect.ts";
import { type Labels, OWN, STACK_NAMESPACE } from "./labels.ts";

/** A service or a container that publishes ports, on the swarm or on its node. */
export interface PortHolder {
  /** For people, with the stack or app that it belongs to. */
  name: string;
  /** Null: of none. */
  stack: string | null;
  /** The full id of a container; null for a service. */
  id: string | null;
  ports: HeldPort[];
}

export interface HeldPort {
  port: number;
  protocol: string;
  /** `ingress` is on every node of the swarm. */
  mode: "ingress" | "host";
  address: string | null;
}

const LabelMap = z.record(z.string(), z.string()).nullish();
const Service = z.object({
  Spec: z.object({
    Name: z.string(),
    Labels: LabelMap,
    Mode: z.object({ Replicated: z.object({ Replicas: z.number().nullish() }).nullish() }).nullish(),
  }),
  Endpoint: z
    .object({
      Ports: z
        .array(
          z.object({
            Protocol: z.string().nullish(),
            PublishedPort: z.number().nullish(),
            PublishMode: z.string().nullish(),
          }),
        )
        .nullish(),
    })
    .nullish(),
});
const Bindings = z
  .record(
    z.string(),
    z.array(z.object({ HostIp: z.string().nullish(), HostPort: z.string().nullish() })).nullish(),
  )
  .nullish();
const Container = z.object({
  Id: z.string(),
  Name: z.string(),
  State: z.object({ Restarting: z.boolean().nullish() }),
  Config: z.object({ Labels: LabelMap }),
  HostConfig: z.object({ PortBindings: Bindings }),
  NetworkSettings: z.object({ Ports: Bindings }),
});

/** The services of the swarm with the ports that they publish; one scaled to zero holds no port of a node. */
export async function servicesWithPorts(docker: Docker, asking: Asking): Promise<PortHolder[]> {
  const found = await inspect(docker, "service", await listIds(docker, "service", [], asking), asking);
  return found.map((entry) => {
    const { Spec: spec, Endpoint: endpoint } = Service.parse(entry);
    const ports = (endpoint?.Ports ?? []).map((port) => ({
      port: port.PublishedPort ?? 0,
      protocol: port.Protocol ?? "tcp",
      mode: port.PublishMode === "host" ? ("host" as const) : ("ingress" as const),
      address: null,
    }));
    const runs = spec.Mode?.Replicated?.Replicas !== 0;
    return holder(
      `service ${spec.Name}`,
      spec.Labels ?? {},
      null,
      ports.filter(({ port, mode }) => port !== 0 && (mode === "ingress" || runs)),
    );
  });
}

/** The node's containers that run or are about to run again, with their ports on the node. */
export async function containersWithPorts(docker: Docker, asking: Asking): Promise<PortHolder[]> {
  const states = ["running", "restarting", "paused"].map((state) => `status=${state}`);
  const found = await inspect(
    docker,
    "container",
    await listIds(docker, "container", states, asking),
    asking,
  );
  return found.map((entry) => {
    const container = Container.parse(entry);
    const { HostConfig: asked, NetworkSettings: given, State: state } = container;
    const bindings = state.Restarting ? asked.PortBindings : given.Ports;
    const ports = Object.entries(bindings ?? {}).flatMap(([target, hosts]) =>
      (hosts ?? []).map(({ HostIp: address, HostPort: port }) => ({
        port: Number(port),
        protocol: target.split("/")[1] ?? "tcp",
        mode: "host" as const,
        address: address || null,
      })),
    );
    const name = `container ${container.Name.replace(/^\//, "")}`;
    return holder(name, container.Config.Labels ?? {}, container.Id, ports);
  });
}

function holder(name: string, labels: Labels, id: string | null, ports: HeldPort[]): PortHolder {
  const stack = labels[STACK_NAMESPACE] ?? null;
  const { [OWN.instance]: instance, [OWN.recipe]: recipe } = labels;
  const app = recipe === undefined ? "" : `, the ${instance ?? ""} app of ${recipe}`;
  return { name: `${name}${stack === null ? "" : ` of stack ${stack}`}${app}`, stack, id, ports };
}

import type { Asking } from "../command/step.ts";
import { oneLine } from "../core/text/one-line.ts";
import { type Listener, listListeners, processOfSocket } from "../host/listeners.ts";
import { readTextIfAny } from "../state/files.ts";
import type { Docker } from "./docker.ts";
import { ActFailed, recipeFailure } from "./failure.ts";
import { containersWithPorts, type PortHolder, servicesWithPorts } from "./port-holders.ts";

/** Ports that a service of a release publishes: one, or a range. */
export interface PublishedPorts {
  /** By its name in the release. */
  service: string;
  first: number;
  last: number;
  protocol: string;
  /** `host`: on the node that runs it; `ingress`: on every node. */
  mode: "host" | "ingress";
}

/** At most this many ports are named; a range can span all of them. */
const MOST_NAMED = 3;
/** Characters; a label cuts its text earlier. */
const LONGEST_MESSAGE = 1000;

/**
 * Refuses a deploy that would publish a port already published or listened on: swarm would either wait without a word,
 * or run an app that cannot be reached. Ports of the app's own stack are allowed. Ports of a node are compared only if
 * the swarm has no other node. Throws `ActFailed`: `refused` with the holder of the port, or `recipe` if two services
 * of the release want the same one.
 */
export async function refusePortsInUse(
  docker: Docker,
  stack: string,
  wanted: readonly PublishedPorts[],
  asking: Asking,
): Promise<void> {
  if (wanted.length === 0) return;
  const surroundings = await lookAround(docker, asking);
  if (surroundings.isOneNode) refuseTwice(wanted);
  const inUse = wanted.flatMap((ports) => usesOf(ports, stack, surroundings));
  if (inUse.length === 0) return;
  const more = inUse.length > MOST_NAMED ? `; and ${inUse.length - MOST_NAMED} more` : "";
  const message = `${inUse.slice(0, MOST_NAMED).join("; ")}${more}; nothing was deployed: free the port, or let the recipe publish another`;
  throw new ActFailed({ cause: "refused", step: "", message: oneLine(message, LONGEST_MESSAGE) });
}

interface Surroundings {
  isOneNode: boolean;
  services: PortHolder[];
  containers: PortHolder[];
  /** Empty if the daemon's network is not this process's. */
  listeners: Listener[];
}

async function lookAround(docker: Docker, asking: Asking): Promise<Surroundings> {
  const info = docker.lines(asking, ["info", "--format", "{{.Swarm.Nodes}} {{.Name}}"]);
  const [[line = ""], services, containers] = await Promise.all([
    info,
    servicesWithPorts(docker, asking),
    containersWithPorts(docker, asking),
  ]);
  const [nodes, host] = line.split(" ");
  return {
    isOneNode: nodes === "1",
    services,
    containers,
    listeners: sharesNetwork(host) ? listListeners() : [],
  };
}

// The bridge to a swarm's containers is in the daemon's network, with this name on every node.
function sharesNetwork(host: string | undefined): boolean {
  const isHere = host === readTextIfAny("/proc/sys/kernel/hostname")?.trim();
  return isHere && (readTextIfAny("/proc/net/dev") ?? "").includes("docker_gwbridge:");
}

function refuseTwice(wanted: readonly PublishedPorts[]): void {
  for (const [index, one] of wanted.entries()) {
    const other = wanted
      .slice(index + 1)
      .find(
        (ports) =>
          ports.service !== one.service &&
          ports.protocol === one.protocol &&
          ports.first <= one.last &&
          ports.last >= one.first,
      );
    if (other === undefined) continue;
    const port = Math.max(one.first, other.first);
    throw recipeFailure(
      `services ${one.service} and ${other.service} both publish port ${port}/${one.protocol}`,
    );
  }
}

/** A line for each port in use, lowest first. */
function usesOf(wanted: PublishedPorts, stack: string, around: Surroundings): string[] {
  const isWanted = (one: { port: number; protocol: string }) =>
    one.protocol === wanted.protocol && one.port >= wanted.first && one.port <= wanted.last;
  const isOnNode = wanted.mode === "ingress" || around.isOneNode;
  const holders = [...around.services, ...(isOnNode ? around.containers : [])];
  const users = new Map<number, string>();
  const own = new Set<number>();
  for (const holder of holders)
    for (const held of holder.ports.filter(isWanted)) {
      if (holder.stack === stack) own.add(held.port);
      else if (isOnNode || held.mode === "ingress")
        users.set(held.port, users.get(held.port) ?? `${holder.name} publishes it${onAddress(held.address)}`);
    }
  // Docker may run a listening process for a published port: such a port is not named twice.
  for (const listener of isOnNode ? around.listeners.filter(isWanted) : [])
    if (!own.has(listener.port) && !users.has(listener.port))
      users.set(listener.port, describe(listener, around.containers));
  return [...users]
    .sort(([a], [b]) => a - b)
    .map(
      ([port, user]) =>
        `port ${port}/${wanted.protocol}, which service ${wanted.service} publishes, is in use: ${user}`,
    );
}

function onAddress(address: string | null): string {
  return address === null ? "" : ` on ${address}`;
}

function describe({ inode, address }: Listener, containers: readonly PortHolder[]): string {
  const process = processOfSocket(inode);
  const where = `listens on ${address} of this host`;
  if (process === null) return `a process ${where}`;
  const container = containers.find(({ id }) => id !== null && process.cgroup.includes(id));
  const within = container === undefined ? "" : `${container.name}: `;
  return `${within}${process.name} (process ${process.pid}) ${where}`;
}

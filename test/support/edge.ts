import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { stackName } from "../../src/core/stack-name.ts";

const DOCKER_SOCKET = "/var/run/docker.sock";
/** The bridge by which the node itself reaches containers that are on an overlay network. */
const BRIDGE = "docker_gwbridge";

/** A reverse proxy on loopback that finds the app of a domain as traefik would: by the name of its stack. */
export interface Edge {
  port: number;
  /** `127.0.0.1:PORT`. */
  address: string;
  /** Answers at this domain (`*`: at every one) itself, with this status, whatever runs there; null: no more. */
  pin(domain: string, status: number | null): void;
  close(): Promise<void>;
}

/** Opens an edge; `serviceOf` says which service of the app at a domain it asks, `app` unless said otherwise. */
export async function startEdge(serviceOf: (domain: string) => string = () => "app"): Promise<Edge> {
  const pinned = new Map<string, number>();
  const server = createServer((incoming, response) => {
    const domain = (incoming.headers.host ?? "").replace(/:\d+$/, "");
    const status = pinned.get(domain) ?? pinned.get("*");
    if (status !== undefined) response.writeHead(status).end("answered by somebody else\n");
    else void route(`${stackName(domain)}_${serviceOf(domain)}`, incoming, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    address: `127.0.0.1:${port}`,
    pin: (domain, status) => {
      if (status === null) pinned.delete(domain);
      else pinned.set(domain, status);
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function route(service: string, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const address = await addressOf(service).catch(() => null);
  if (address === null) {
    response.writeHead(404).end("404 page not found\n");
    return;
  }
  const { method = "GET", url = "/", headers } = incoming;
  const onward = request({ host: address, port: 80, method, path: url, headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.setTimeout(5_000, () => onward.destroy());
  onward.on("error", () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end("Bad Gateway\n");
  });
  incoming.pipe(onward);
}

interface Container {
  Id: string;
  NetworkSettings: { Networks: Record<string, { IPAddress: string }> };
}

/** Where a service's newest running container is reached from the node; null where none runs. */
async function addressOf(service: string): Promise<string | null> {
  const filters = { label: [`com.docker.swarm.service.name=${service}`], status: ["running"] };
  const query = encodeURIComponent(JSON.stringify(filters));
  const containers = (await askDocker(`/containers/json?filters=${query}`)) as Container[];
  const [newest] = containers;
  if (newest === undefined) return null;
  const near = newest.NetworkSettings.Networks.bridge;
  if (near !== undefined) return near.IPAddress;
  const bridge = (await askDocker(`/networks/${BRIDGE}`)) as {
    Containers: Record<string, { IPv4Address: string }>;
  };
  return bridge.Containers[newest.Id]?.IPv4Address.replace(/\/\d+$/, "") ?? null;
}

function askDocker(path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath: DOCKER_SOCKET, path, timeout: 5_000 }, (answer) => {
      json(answer).then(resolve, reject);
    });
    asking.once("timeout", () => asking.destroy(new Error("Docker gives no answer")));
    asking.once("error", reject);
    asking.end();
  });
}

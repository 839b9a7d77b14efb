import { z } from "zod";
import { deadlineIn } from "../command/deadline.ts";
import { outsideTestedDocker, TESTED_DOCKER } from "../command/tested-docker.ts";
import type { LaneConfig } from "../config/config.ts";
import { oneLine } from "../core/text/one-line.ts";
import { GONE } from "../docker/client-words.ts";
import type { Docker } from "../docker/docker.ts";
import { Fault, orFault } from "../fault.ts";
import { quietStep } from "../run/ask-upstream.ts";
import type { Context } from "../run/context.ts";
import { dockerOfLane } from "../run/lanes.ts";
import { type Check, fault, fine, note, PROBE_LIMIT_MS, unknown } from "./check.ts";

const { newest, oldest } = TESTED_DOCKER;

const Info = z.object({
  ServerVersion: z.string(),
  Swarm: z.object({
    LocalNodeState: z.string(),
    ControlAvailable: z.boolean(),
    Nodes: z.number().optional(),
  }),
});
type Info = z.infer<typeof Info>;

/** The network on which an edge reaches recipes of Co-op Cloud. */
const NETWORK = "proxy";

/**
 * Docker, its swarm and the network `proxy` of one lane. `clientVersion` is that of the client on this machine; null if
 * unknown.
 */
export async function checkLane(
  context: Context,
  lane: LaneConfig,
  clientVersion: string | null,
): Promise<Check[]> {
  const names = { docker: nameOf("docker daemon", lane), swarm: nameOf("swarm", lane) };
  const client = clientOf(context, lane);
  if (client === null) return [unknown(names.docker, "there is no client to ask it", "see the tool docker")];
  const command = lane.context === "default" ? "docker" : `docker --context ${lane.context}`;
  const asked = await ask(context, client, ["info", "--format", "{{json .}}"]);
  if (!asked.ok) return [noAnswer(names.docker, asked.problem, `${command} info`)];
  const info = parse(asked.text);
  if (info === null)
    return [noAnswer(names.docker, `it answered ${oneLine(asked.text, 120)}`, `${command} info`)];
  return [
    fine(names.docker, `${info.ServerVersion} answers; tested: ${oldest} and ${newest}`),
    ...versions(nameOf("docker version", lane), { client: clientVersion, engine: info.ServerVersion }),
    swarm(names.swarm, info, command),
    ...(info.Swarm.ControlAvailable ? [await network(context, client, lane, command)] : []),
  ];
}

function nameOf(what: string, lane: LaneConfig): string {
  return lane.name === "main" ? what : `${what} (${lane.name})`;
}

function clientOf(context: Context, lane: LaneConfig): Docker | null {
  const client = orFault(() => dockerOfLane(context, lane));
  return client instanceof Fault ? null : client;
}

type Answer = { ok: true; text: string } | { ok: false; problem: string };

async function ask(context: Context, docker: Docker, args: readonly string[]): Promise<Answer> {
  const step = quietStep(context, deadlineIn(context.clock, "doctor", PROBE_LIMIT_MS));
  const result = await docker.look(step, args);
  if (result.timedOut) return { ok: false, problem: `it did not answer within ${PROBE_LIMIT_MS / 1000} s` };
  if (result.ok) return { ok: true, text: result.stdout };
  return { ok: false, problem: oneLine(result.notStarted ?? result.stderr) || `exit ${result.exitCode}` };
}

function noAnswer(name: string, problem: string, command: string): Check {
  const say = "see that the daemon runs (`systemctl start docker`) and that this user may ask it";
  return unknown(name, problem, say, command);
}

function parse(text: string): Info | null {
  try {
    return Info.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function versions(name: string, found: { client: string | null; engine: string }): Check[] {
  const odd = Object.entries(found).flatMap(([part, version]) => {
    const why = version === null ? null : outsideTestedDocker(version);
    return why === null ? [] : [`the ${part} is ${version}, ${why}`];
  });
  const say = "look closely at the first sweep, and at the first one after each upgrade of Docker";
  return odd.length === 0 ? [] : [note(name, odd.join("; "), { say, command: null })];
}

function swarm(name: string, { Swarm }: Info, command: string): Check {
  if (Swarm.LocalNodeState !== "active")
    return fault(
      name,
      `the node is in no swarm (${Swarm.LocalNodeState})`,
      "make it one",
      `${command} swarm init`,
    );
  if (!Swarm.ControlAvailable)
    return fault(
      name,
      "the node is a worker: only a manager can deploy",
      "promote it, on a manager",
      "docker node promote NODE",
    );
  if (Swarm.Nodes === 1) return fine(name, "a manager, and the only node");
  const found = `${Swarm.Nodes ?? "an unknown number of"} nodes: local volumes do not follow a task to another`;
  return fault(name, found, "use a swarm of one node, or drain the others", `${command} node ls`);
}

async function network(context: Context, docker: Docker, lane: LaneConfig, command: string): Promise<Check> {
  const name = nameOf(`network ${NETWORK}`, lane);
  const make = `${command} network create --driver overlay --attachable ${NETWORK}`;
  const asked = await ask(context, docker, [
    "network",
    "inspect",
    "--format",
    "{{.Driver}} {{.Scope}}",
    NETWORK,
  ]);
  if (asked.ok && asked.text.trim() === "overlay swarm") return fine(name, "an overlay network of the swarm");
  if (asked.ok)
    return fault(name, `it is ${asked.text.trim()}`, "make it an overlay network of the swarm", make);
  if (GONE.test(asked.problem)) return fault(name, "it is not there", "make it", make);
  return unknown(name, asked.problem, "look at it", `${command} network inspect ${NETWORK}`);
}

import type { Step } from "../../command/step.ts";
import type { Lane } from "../../core/app.ts";
import type { Canonical } from "../../core/canonical.ts";
import { traitsOf } from "../../core/driver-traits.ts";
import { stackName } from "../../core/stack-name.ts";
import type { Docker } from "../../docker/docker.ts";
import { listIds } from "../../docker/inspect.ts";
import { isOwnedBy, STACK_NAMESPACE } from "../../docker/labels.ts";
import { type DockerObject, inspectObjects, objectsOfStack } from "../../docker/objects.ts";
import { measureVolume } from "../../docker/volumes/measure-volume.ts";
import type { Context } from "../../run/context.ts";
import { dockerOfLane } from "../../run/lane-docker.ts";
import { listFolder } from "../../state/files.ts";
import { existingStateId } from "../../state/state-id.ts";
import { measureTree, newestChange } from "../../state/trees/tree.ts";
import type { DataSeen, VolumeSeen } from "../facts.ts";

/** A canonical whose data lies in a folder: its one volume is called `data`. */
export async function dataInFolder(folder: string): Promise<DataSeen> {
  const nothing = { volumes: new Map<string, VolumeSeen>(), secrets: new Map(), configs: new Map() };
  if (listFolder(folder).length === 0) return nothing;
  const { bytes } = await measureTree(folder);
  const newestMs = await newestChange(folder);
  return { ...nothing, volumes: new Map([["data", { bytes, newestMs, isOurs: true, users: [] }]]) };
}

/** What a swarm has of a canonical. Throws `ActFailed` or a Fault where Docker gives no answer. */
export async function dataOnSwarm(
  context: Context,
  record: Canonical,
  domain: string,
  lane: Lane,
  step: Step,
): Promise<DataSeen> {
  const docker = dockerOfLane(context, lane);
  const stack = stackName(domain);
  const isOurs = await ownership(context, record, stack, lane);
  const objects = await objectsOfStack(docker, stack, step, ["volume", "secret", "config"]);
  const marks = (kind: "secret" | "config") =>
    new Map(objects.filter((object) => object.kind === kind).map((object) => [object.name, isOurs(object)]));
  const volumes = new Map<string, VolumeSeen>();
  for (const object of objects.filter(({ kind }) => kind === "volume"))
    volumes.set(object.name, {
      ...(await sizeAndChange(context, docker, object.name, step)),
      isOurs: isOurs(object),
      users: await usersOf(docker, object.name, stack, step),
    });
  return { volumes, secrets: marks("secret"), configs: marks("config") };
}

async function sizeAndChange(context: Context, docker: Docker, name: string, step: Step) {
  const use = { docker, tools: context.tools, helper: context.config.snapshotHelper, labels: {} };
  const { bytes, newestMs } = await measureVolume(use, name, step);
  return { bytes, newestMs };
}

// Containers of the canonical's own stack are residue, and are named there.
async function usersOf(docker: Docker, volume: string, stack: string, step: Step): Promise<string[]> {
  const ids = await listIds(docker, "container", [`volume=${volume}`], step);
  const users = await inspectObjects(docker, "container", ids, step);
  return users.filter(({ labels }) => labels[STACK_NAMESPACE] !== stack).map(({ name }) => name);
}

// Without a label of ours on each object, the namespace of the stack and the ledger say whose they are.
async function ownership(
  context: Context,
  { adoptedObjects = [], driver }: Canonical,
  stack: string,
  lane: Lane,
): Promise<(object: DockerObject) => boolean> {
  const owner = existingStateId(context.state.id) ?? "";
  const secrets: string[] = [];
  const isInLedger = traitsOf(driver)?.ownBy === "ledger";
  if (isInLedger) {
    const { listEntries } = await import("../../driver/ledger.ts");
    const entries = listEntries(context.state.root, lane.name, owner).filter(
      (entry) => entry.stack === stack,
    );
    secrets.push(...entries.flatMap((entry) => entry.secrets));
  }
  return ({ kind, labels, name }) =>
    isOwnedBy(labels, owner) ||
    adoptedObjects.includes(name) ||
    (isInLedger && labels[STACK_NAMESPACE] === stack) ||
    (kind === "secret" && secrets.includes(name));
}

import type { Step } from "../command/step.ts";
import type { Docker } from "../docker/docker.ts";
import { demand } from "../docker/failure.ts";
import { isOwnedBy, type Labels, labelOptions, OWN } from "../docker/labels.ts";
import { type DockerObject, inspectObjects } from "../docker/objects.ts";
import { Fault } from "../fault.ts";
import { type Machine, thisMachine } from "../host/machine.ts";
import { isRunning, startTime } from "../host/proc.ts";

/** While this object exists, a cold test or promotion is under way on this swarm. */
export const LEASE_NAME = "canonical-sweep-lane";

/** A process at work on a lane. */
export interface Holder {
  /** The id of the state folder. */
  owner: string;
  run: string;
  /** The working process, which holds the lock of its state folder. */
  pid: number;
}

export interface Lease {
  release(step: Step): Promise<void>;
}

/**
 * Takes the lane: one cold test or promotion at a time on a swarm, whatever its state folder. The lease is a config
 * object, whose name Docker accepts only once. A dead holder is replaced: one on this machine whose process is gone, or
 * an earlier one of the same state folder (we hold its lock now).
 *
 * Throws `Fault` (`locked`, with the other's state folder and run), or `ActFailed` if Docker is at fault.
 */
export async function acquireLease(
  docker: Docker,
  holder: Holder,
  step: Step,
  name = LEASE_NAME,
): Promise<Lease> {
  const machine = thisMachine();
  const labels = labelsOf(holder, machine, step);
  for (;;) {
    const id = await tryCreate(docker, name, labels, step);
    if (id !== null) return { release: (last) => releaseLease(docker, id, last) };
    const [other] = await inspectObjects(docker, "config", [name], step);
    if (other === undefined) continue;
    if (!isDead(other.labels, holder.owner, machine)) throw heldBy(other);
    step.say(`taking over the lane from run ${other.labels[OWN.run]}, which is dead`);
    // By id: somebody else may be taking it over at this moment, with another object.
    await docker.act(step, ["config", "rm", "--", other.id], { capture: true });
  }
}

/**
 * Throws a `Fault` (`locked`) if a run with this state folder's id is at work on the lane: the folder was copied, and
 * the other run's objects look like ours.
 */
export async function refuseTwin(
  docker: Docker,
  owner: string,
  step: Step,
  name = LEASE_NAME,
): Promise<void> {
  const [lease] = await inspectObjects(docker, "config", [name], step);
  if (lease === undefined || !isOwnedBy(lease.labels, owner)) return;
  if (!isDead(lease.labels, owner, thisMachine())) throw heldBy(lease);
}

/**
 * Releases a lane held by a dead run of this state folder, and returns whether it did: from another machine nobody
 * could tell that the holder is dead.
 */
export async function dropLeaseOf(
  docker: Docker,
  owner: string,
  step: Step,
  name = LEASE_NAME,
): Promise<boolean> {
  const [lease] = await inspectObjects(docker, "config", [name], step);
  if (lease === undefined || !isOwnedBy(lease.labels, owner)) return false;
  if (!isDead(lease.labels, owner, thisMachine())) return false;
  await releaseLease(docker, lease.id, step);
  return true;
}

/** The current holder of a swarm's lane; null if it is free. */
export async function leaseHolder(
  docker: Docker,
  step: Step,
  name = LEASE_NAME,
): Promise<{ owner: string; run: string; since: string } | null> {
  const [lease] = await inspectObjects(docker, "config", [name], step);
  if (lease === undefined) return null;
  const {
    [OWN.state]: owner = "unknown",
    [OWN.run]: run = "unknown",
    [LABEL.since]: since = "unknown",
  } = lease.labels;
  return { owner, run, since };
}

const LABEL = {
  machine: "canonical-sweep.lane.machine",
  boot: "canonical-sweep.lane.boot",
  processes: "canonical-sweep.lane.processes",
  host: "canonical-sweep.lane.host",
  pid: "canonical-sweep.lane.pid",
  started: "canonical-sweep.lane.started",
  since: "canonical-sweep.lane.since",
} as const;

function labelsOf(holder: Holder, machine: Machine, step: Step): Labels {
  return {
    [OWN.state]: holder.owner,
    [OWN.run]: holder.run,
    [LABEL.machine]: machine.id,
    [LABEL.boot]: machine.boot,
    [LABEL.processes]: machine.processes,
    [LABEL.host]: machine.name,
    [LABEL.pid]: String(holder.pid),
    [LABEL.started]: startTime(holder.pid) ?? "",
    [LABEL.since]: new Date(step.clock.now()).toISOString(),
  };
}

async function tryCreate(docker: Docker, name: string, labels: Labels, step: Step): Promise<string | null> {
  const args = ["config", "create", ...labelOptions(labels), name, "-"];
  const result = await docker.act(step, args, { input: "held\n", capture: true });
  if (result.ok) return result.stdout.trim();
  if (/already exists|AlreadyExists/i.test(result.stderr)) return null;
  demand(result, step);
  return null;
}

// We hold the state folder's lock, yet a process with its id may be at work: in a copy of the folder.
function isDead(labels: Labels, owner: string, machine: Machine): boolean {
  if (isHere(labels, machine)) return !isRunning(Number(labels[LABEL.pid]), labels[LABEL.started] ?? null);
  if (isOwnedBy(labels, owner)) return true;
  return machine.id !== "" && labels[LABEL.machine] === machine.id && labels[LABEL.boot] !== machine.boot;
}

function isHere(labels: Labels, machine: Machine): boolean {
  return labels[LABEL.boot] === machine.boot && labels[LABEL.processes] === machine.processes;
}

function heldBy(other: DockerObject): Fault {
  if (other.labels[OWN.state] === undefined)
    return new Fault(
      "locked",
      `a config ${other.name} that this program did not make stands where a lane is held`,
      "find its owner, and rename it",
    );
  const {
    [OWN.state]: owner,
    [OWN.run]: run,
    [LABEL.host]: host,
    [LABEL.pid]: pid,
    [LABEL.since]: since,
  } = other.labels;
  return new Fault(
    "locked",
    `the lane is held by run ${run} of the state folder with the id ${owner} (process ${pid} on ${host}) since ${since}`,
    `wait for it; if that process is dead: docker config rm ${other.name}`,
  );
}

// Another run may have taken it over meanwhile: we remove only the very object that we made.
async function releaseLease(docker: Docker, id: string, step: Step): Promise<void> {
  const [lease] = await inspectObjects(docker, "config", [id], step);
  if (lease !== undefined)
    demand(await docker.act(step, ["config", "rm", "--", id], { capture: true }), step);
}

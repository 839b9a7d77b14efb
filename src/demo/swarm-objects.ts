import { setTimeout as wait } from "node:timers/promises";
import { OWN } from "../docker/labels.ts";
import { readTextIfAny } from "../state/files.ts";
import type { OwnMachine } from "./own-machine.ts";

/** Tries to remove an object in use, and the pause between them in milliseconds. */
const TRIES = 60;
const PAUSE_MS = 500;

// In the order in which they release each other.
const KINDS = ["service", "network", "volume", "config", "secret"] as const;

/** Removes everything that the sweeps of this state folder made on the swarm: only objects with its id. */
export async function removeObjects(machine: OwnMachine, idFile: string): Promise<void> {
  const id = readTextIfAny(idFile)?.trim();
  if (id === undefined) return;
  for (const kind of KINDS) await removeKind(machine, kind, `label=${OWN.state}=${id}`);
}

async function removeKind(machine: OwnMachine, kind: (typeof KINDS)[number], filter: string): Promise<void> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const found = (await machine.tryRun("docker", [kind, "ls", "--quiet", "--filter", filter])) ?? [];
    if (found.length === 0) return;
    await machine.tryRun("docker", [kind, "rm", ...found]);
    await wait(PAUSE_MS);
  }
}

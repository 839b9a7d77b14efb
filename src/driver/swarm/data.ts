import { join } from "node:path";
import { z } from "zod";
import type { Step } from "../../command/step.ts";
import type { Docker } from "../../docker/docker.ts";
import { machineryFailure, refusal } from "../../docker/failure.ts";
import { isOwnedBy, type Labels, STACK_NAMESPACE } from "../../docker/labels.ts";
import { type DockerObject, nameOf, objectsOfStack } from "../../docker/objects.ts";
import { removeObjects } from "../../docker/removal.ts";
import {
  copyVolume,
  createVolume,
  exportVolume,
  importVolume,
  sizeOfVolume,
  syncVolume,
  type VolumeTools,
} from "../../docker/volumes.ts";
import { readJson, writeJson } from "../../state/files.ts";
import type { App, Volume } from "../driver.ts";
import { readAppFiles } from "./app-files.ts";
import { createSecret } from "./secrets.ts";
import { labelsOfApp } from "./swarm-app.ts";

const Manifest = z.object({
  volumes: z.array(z.object({ name: z.string(), labels: z.record(z.string(), z.string()) })),
  secrets: z.array(z.string()),
});

/** The volumes of an app that are ours, with their sizes. */
export async function listVolumes(use: VolumeTools, app: App, step: Step): Promise<Volume[]> {
  const volumes = await ownObjects(use.docker, app, "volume", step);
  const sized: Volume[] = [];
  for (const { name } of volumes) sized.push({ name, bytes: await sizeOfVolume(use, name, step) });
  return sized;
}

/** Copies the volumes of a stopped app into a folder, with what is needed to make them and its secrets anew. */
export async function takeSnapshot(use: VolumeTools, app: App, into: string, step: Step): Promise<void> {
  await refuseMounted(use.docker, app, step);
  const volumes = await ownObjects(use.docker, app, "volume", step);
  const secrets = await ownObjects(use.docker, app, "secret", step);
  for (const { name } of volumes) await exportVolume(use, name, join(into, "volumes", name), step);
  writeJson(manifestOf(into), {
    volumes: volumes.map(({ name, labels }) => ({ name, labels })),
    secrets: secrets.map(({ name }) => name),
  });
}

/**
 * Brings the volumes of a stopped app back to a snapshot: those that came after it are removed, what has gone
 * is made again, secrets included. Can be repeated after a kill.
 */
export async function putSnapshotBack(use: VolumeTools, app: App, from: string, step: Step): Promise<void> {
  const reading = readJson(manifestOf(from), Manifest);
  if (reading.state !== "read") throw machineryFailure(`the snapshot in ${from} is not complete`);
  await refuseMounted(use.docker, app, step);
  const { volumes, secrets } = reading.value;
  const now = await ownObjects(use.docker, app, "volume", step);
  const later = now.filter(({ name }) => !volumes.some((volume) => volume.name === name));
  await removeObjects(use.docker, later, app.owner, step);
  for (const { name, labels } of volumes) {
    if (!now.some((volume) => volume.name === name)) await createVolume(use, name, labels, step);
    await importVolume(use, join(from, "volumes", name), name, step);
  }
  const present = await ownObjects(use.docker, app, "secret", step);
  for (const name of secrets)
    if (!present.some((secret) => secret.name === name)) await makeSecretAgain(use.docker, app, name, step);
}

/** Removes the secrets and configs of a stopped app that are not named. */
export async function removeOtherSecrets(
  docker: Docker,
  app: App,
  names: { secrets: readonly string[]; configs: readonly string[] },
  step: Step,
): Promise<void> {
  const secrets = await ownObjects(docker, app, "secret", step);
  const configs = await ownObjects(docker, app, "config", step);
  const others = [
    ...secrets.filter(({ name }) => !names.secrets.includes(name)),
    ...configs.filter(({ name }) => !names.configs.includes(name)),
  ];
  await removeObjects(docker, others, app.owner, step);
}

/** Copies the volumes of a stopped app to another that has none yet, under that one's own name. */
export async function copyAppData(use: VolumeTools, from: App, to: App, step: Step): Promise<void> {
  await refuseMounted(use.docker, from, step);
  const [present] = await ownObjects(use.docker, to, "volume", step);
  if (present !== undefined) throw refusal(`${nameOf(present)} is there already: nothing is copied over it`);
  const labels = { ...labelsOfApp(to), [STACK_NAMESPACE]: to.stack };
  for (const { name } of await ownObjects(use.docker, from, "volume", step)) {
    const copy = `${to.stack}${name.slice(from.stack.length)}`;
    await createVolume(use, copy, labels, step);
    await copyVolume(use, name, copy, step);
  }
}

export async function syncAppData(use: VolumeTools, app: App, step: Step): Promise<void> {
  for (const { name } of await ownObjects(use.docker, app, "volume", step)) await syncVolume(use, name, step);
}

/**
 * The names of an app's secrets and configs that outlive its stack, of ours only. What a compose file makes of
 * a file goes with the stack, and is made again of the same commit.
 */
export async function namesOfSecretsAndConfigs(docker: Docker, app: App, step: Step) {
  const names = async (kind: "secret" | "config") =>
    (await ownObjects(docker, app, kind, step))
      .filter((object) => object.labels[STACK_NAMESPACE] === undefined)
      .map((object) => object.name)
      .sort();
  return { secrets: await names("secret"), configs: await names("config") };
}

export async function ownObjects(
  docker: Docker,
  app: App,
  kind: DockerObject["kind"],
  step: Step,
): Promise<DockerObject[]> {
  const objects = await objectsOfStack(docker, app.stack, step);
  return objects.filter((object) => object.kind === kind && isOwnedBy(object.labels, app.owner));
}

// A copy of data in use is torn.
async function refuseMounted(docker: Docker, app: App, step: Step): Promise<void> {
  for (const { name } of await ownObjects(docker, app, "volume", step)) {
    const [user] = await docker.lines(step, ["ps", "--filter", `volume=${name}`, "--format", "{{.Names}}"]);
    if (user !== undefined) throw refusal(`container ${user} still mounts ${name}`);
  }
}

async function makeSecretAgain(docker: Docker, app: App, name: string, step: Step): Promise<void> {
  const values = Object.entries(readAppFiles(app).secrets);
  const known = values.find(([key]) => name.startsWith(`${app.stack}_${key}_`));
  if (known === undefined) throw machineryFailure(`secret ${name} is gone and its value is not kept`);
  const labels: Labels = labelsOfApp(app);
  step.secret(known[1]);
  await createSecret(docker, name, known[1], labels, step);
}

function manifestOf(folder: string): string {
  return join(folder, "manifest.json");
}

import { join } from "node:path";
import { z } from "zod";
import type { Step } from "../../command/step.ts";
import type { Volume } from "../../core/read-back.ts";
import { machineryFailure, refusal } from "../../docker/failure.ts";
import { isOwnedBy, ownLabels, STACK_NAMESPACE } from "../../docker/labels.ts";
import { type DockerObject, inspectObjects, nameOf, objectsOfStack } from "../../docker/objects.ts";
import { removeObjects } from "../../docker/removal.ts";
import { measureVolume } from "../../docker/volumes/measure-volume.ts";
import {
  copyVolume,
  createVolume,
  exportVolume,
  importVolume,
  syncVolume,
} from "../../docker/volumes/volumes.ts";
import { exists, readJson, writeJson } from "../../state/files.ts";
import { readAppFiles } from "../recipe-files/app-files.ts";
import { createSecret } from "./secrets.ts";
import type { AppSite } from "./swarm-app.ts";

const Manifest = z.object({
  volumes: z.array(z.object({ name: z.string(), labels: z.record(z.string(), z.string()) })),
  secrets: z.array(z.string()),
});

/** The existing volumes of an app with their sizes, including those for `adopt` to take over. */
export async function listVolumes(site: AppSite, step: Step): Promise<Volume[]> {
  const sized: Volume[] = [];
  for (const { name } of await objectsOfStack(site.docker, site.app.stack, step, ["volume"])) {
    const { bytes, used } = await measureVolume(site.volumes, name, step);
    sized.push({ name, bytes, used });
  }
  return sized;
}

/** Copies the volumes of a stopped app into a folder, with everything needed to make them and the secrets again. */
export async function takeSnapshot(site: AppSite, into: string, step: Step): Promise<void> {
  const volumes = await usableObjects(site, "volume", step);
  await refuseMounted(site, volumes, step);
  const secrets = await usableObjects(site, "secret", step);
  for (const { name } of volumes) await exportVolume(site.volumes, name, copyOf(into, name), step);
  writeJson(manifestOf(into), {
    volumes: volumes.map(({ name, labels }) => ({ name, labels })),
    secrets: secrets.map(({ name }) => name),
  });
}

/**
 * Restores the volumes of a stopped app from a snapshot: newer ones are removed, missing ones are made again, secrets
 * included. Can be repeated after a kill.
 */
export async function putSnapshotBack(site: AppSite, from: string, step: Step): Promise<void> {
  const reading = readJson(manifestOf(from), Manifest);
  if (reading.state !== "read") throw machineryFailure(`the snapshot in ${from} is not complete`);
  await endHelpers(site, step);
  const now = await usableObjects(site, "volume", step);
  await refuseMounted(site, now, step);
  const { volumes, secrets } = reading.value;
  // Checked before anything is emptied: an incomplete copy must not replace the existing data.
  const lost = volumes.find(({ name }) => !exists(copyOf(from, name)));
  if (lost !== undefined)
    throw machineryFailure(`the copy of ${lost.name} in ${from} is gone: nothing is replaced`);
  const later = now
    .filter(({ name }) => !volumes.some((volume) => volume.name === name))
    .filter(isOurs(site));
  await removeObjects(site.docker, later, isOurs(site), step);
  for (const { name, labels } of volumes) {
    if (!now.some((volume) => volume.name === name)) await createVolume(site.volumes, name, labels, step);
    await refuseOthers(site, name, step);
    await importVolume(site.volumes, copyOf(from, name), name, step);
  }
  const present = await usableObjects(site, "secret", step);
  for (const name of secrets)
    if (!present.some((secret) => secret.name === name)) await makeSecretAgain(site, name, step);
}

/** Removes the secrets and configs of a stopped app except those named. */
export async function removeOtherSecrets(
  site: AppSite,
  names: { secrets: readonly string[]; configs: readonly string[] },
  step: Step,
): Promise<void> {
  const secrets = await usableObjects(site, "secret", step);
  const configs = await usableObjects(site, "config", step);
  const others = [
    ...secrets.filter(({ name }) => !names.secrets.includes(name)),
    ...configs.filter(({ name }) => !names.configs.includes(name)),
  ];
  await removeObjects(site.docker, others.filter(isOurs(site)), isOurs(site), step);
}

/** Copies the volumes of a stopped app to another app without data, under that app's names. */
export async function copyAppData(from: AppSite, to: AppSite, step: Step): Promise<void> {
  const volumes = await usableObjects(from, "volume", step);
  await refuseMounted(from, volumes, step);
  const [present] = await usableObjects(to, "volume", step);
  if (present !== undefined) throw refusal(`${nameOf(present)} is there already: nothing is copied over it`);
  const labels = { ...ownLabels(to.app), [STACK_NAMESPACE]: to.app.stack };
  for (const { name } of volumes) {
    const copy = `${to.app.stack}${name.slice(from.app.stack.length)}`;
    await createVolume(to.volumes, copy, labels, step);
    await copyVolume(to.volumes, name, copy, step);
  }
}

export async function syncAppData(site: AppSite, step: Step): Promise<void> {
  for (const { name } of await usableObjects(site, "volume", step))
    await syncVolume(site.volumes, name, step);
}

/**
 * The names of an app's own secrets and configs that outlive its stack. Those that a compose file makes from files go
 * with the stack, and the same commit makes them again.
 */
export async function namesOfSecretsAndConfigs(site: AppSite, step: Step) {
  const names = async (kind: "secret" | "config") =>
    (await usableObjects(site, kind, step))
      .filter((object) => object.labels[STACK_NAMESPACE] === undefined)
      .map((object) => object.name)
      .sort();
  return { secrets: await names("secret"), configs: await names("config") };
}

async function usableObjects(site: AppSite, kind: DockerObject["kind"], step: Step): Promise<DockerObject[]> {
  const objects = await objectsOfStack(site.docker, site.app.stack, step, [kind]);
  return objects.filter((object) => site.isUsable(object));
}

// Asked right before it is emptied: somebody else may have made one of that name since.
async function refuseOthers(site: AppSite, name: string, step: Step): Promise<void> {
  const [volume] = await inspectObjects(site.docker, "volume", [name], step);
  if (volume !== undefined && !site.isUsable(volume))
    throw refusal(`${nameOf(volume)} is not ours: nothing is put back into it`);
}

// The copying container on another machine outlives its ended client, and would write over the restored data.
async function endHelpers(site: AppSite, step: Step): Promise<void> {
  const objects = await usableObjects(site, "container", step);
  const helpers = objects.filter(({ labels }) => labels[STACK_NAMESPACE] === undefined);
  await removeObjects(site.docker, helpers.filter(isOurs(site)), isOurs(site), step);
}

// A copy of data in use is torn.
async function refuseMounted(
  { docker }: AppSite,
  volumes: readonly DockerObject[],
  step: Step,
): Promise<void> {
  for (const { name } of volumes) {
    const [user] = await docker.lines(step, ["ps", "--filter", `volume=${name}`, "--format", "{{.Names}}"]);
    if (user !== undefined) throw refusal(`container ${user} still mounts ${name}`);
  }
}

function isOurs({ app }: AppSite): (object: DockerObject) => boolean {
  return (object) => isOwnedBy(object.labels, app.owner);
}

async function makeSecretAgain({ app, docker }: AppSite, name: string, step: Step): Promise<void> {
  const values = Object.entries(readAppFiles(app).secrets);
  const known = values.find(([key]) => name.startsWith(`${app.stack}_${key}_`));
  if (known === undefined) throw machineryFailure(`secret ${name} is gone and its value is not kept`);
  step.secret(known[1]);
  await createSecret(docker, name, known[1], ownLabels(app), step);
}

function copyOf(folder: string, volume: string): string {
  return join(folder, "volumes", volume);
}

function manifestOf(folder: string): string {
  return join(folder, "manifest.json");
}

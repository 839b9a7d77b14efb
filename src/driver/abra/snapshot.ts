import { join } from "node:path";
import { z } from "zod";
import type { Step } from "../../command/step.ts";
import type { App } from "../../core/app.ts";
import type { Docker } from "../../docker/docker.ts";
import { demand, machineryFailure } from "../../docker/failure.ts";
import { type Labels, labelOptions, ownLabels } from "../../docker/labels.ts";
import { type DockerObject, nameOf } from "../../docker/objects.ts";
import { removeObjects } from "../../docker/removal.ts";
import { createVolume, exportVolume, importVolume, type VolumeTools } from "../../docker/volumes/volumes.ts";
import { readJson, writeJson } from "../../state/files.ts";
import type { AbraOptions } from "./abra-options.ts";
import { labelsForVolume, refuseMounted, usableObjects } from "./data.ts";
import { readOwned } from "./ownership.ts";
import { knownValues, shortName } from "./secrets.ts";

const Manifest = z.object({
  schema: z.literal(1),
  volumes: z.array(z.object({ name: z.string(), labels: z.record(z.string(), z.string()) })),
  secrets: z.array(z.string()),
});

/** Copies the volumes of a stopped app into a folder; the list, written last, marks the copy complete. */
export async function takeSnapshot(
  options: AbraOptions,
  use: VolumeTools,
  app: App,
  into: string,
  step: Step,
): Promise<void> {
  await refuseMounted(options, app, step);
  const volumes = await usableObjects(options, app, "volume", step);
  const secrets = await usableObjects(options, app, "secret", step);
  for (const { name } of volumes) await exportVolume(use, name, join(into, "volumes", name), step);
  writeJson(join(into, "manifest.json"), {
    schema: 1,
    volumes: volumes.map(({ name, labels }) => ({ name, labels })),
    secrets: secrets.map(({ name }) => name),
  });
}

/**
 * Restores the volumes of a stopped app from a snapshot: newer ones are removed, missing ones are made again, secrets
 * included. Can be repeated after a kill.
 */
export async function putSnapshotBack(
  options: AbraOptions,
  use: VolumeTools,
  app: App,
  from: string,
  step: Step,
): Promise<void> {
  const reading = readJson(join(from, "manifest.json"), Manifest);
  if (reading.state !== "read") throw machineryFailure(`the snapshot in ${from} is not complete`);
  await refuseMounted(options, app, step);
  const { volumes, secrets } = reading.value;
  const { ours, usable, isOurs } = await readOwned(options, use.docker, app, step);
  const isLater = ({ kind, name }: DockerObject) =>
    kind === "volume" && !volumes.some((volume) => volume.name === name);
  await removeObjects(use.docker, ours.filter(isLater), isOurs, step);
  const exists = (name: string) => usable.some((object) => nameOf(object) === name);
  for (const { name, labels } of volumes) {
    if (!exists(`volume ${name}`))
      await createVolume(use, name, { ...labels, ...labelsForVolume(app) }, step);
    await importVolume(use, join(from, "volumes", name), name, step);
  }
  for (const name of secrets)
    if (!exists(`secret ${name}`)) await makeSecretAgain(use.docker, app, name, step);
}

async function makeSecretAgain(docker: Docker, app: App, name: string, step: Step): Promise<void> {
  const value = knownValues(app)[shortName(app.stack, name)];
  if (value === undefined) throw machineryFailure(`secret ${name} is gone and its value is not kept`);
  step.secret(value);
  const labels: Labels = ownLabels(app);
  const args = ["secret", "create", ...labelOptions(labels), "--", name, "-"];
  demand(await docker.act(step, args, { input: value, capture: true }), step);
}

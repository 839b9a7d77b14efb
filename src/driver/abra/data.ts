import type { Step } from "../../command/step.ts";
import type { App } from "../../core/app.ts";
import type { Volume } from "../../core/read-back.ts";
import { refusal } from "../../docker/failure.ts";
import { type Labels, ownLabels, STACK_NAMESPACE } from "../../docker/labels.ts";
import { type DockerObject, objectsOfStack } from "../../docker/objects.ts";
import { measureVolume } from "../../docker/volumes/measure-volume.ts";
import { copyVolume, createVolume, syncVolume, type VolumeTools } from "../../docker/volumes/volumes.ts";
import { type AbraOptions, dockerOf } from "./abra-options.ts";
import { claim, readOwned } from "./ownership.ts";

export function volumeTools(options: AbraOptions, app: App): VolumeTools {
  const { tools, snapshotHelper: helper } = options;
  return { docker: dockerOf(options, app), tools, helper, labels: ownLabels(app) };
}

/** The existing volumes of an app with their sizes, including those for `adopt` to take over. */
export async function volumesOf(options: AbraOptions, app: App, step: Step): Promise<Volume[]> {
  const use = volumeTools(options, app);
  const volumes: Volume[] = [];
  const names = (await objectsOfStack(use.docker, app.stack, step, ["volume"])).map(({ name }) => name);
  for (const name of names.sort()) {
    const { bytes, used } = await measureVolume(use, name, step);
    volumes.push({ name, bytes, used });
  }
  return volumes;
}

/** Copies every volume of one app into new volumes of another. */
export async function copyData(options: AbraOptions, from: App, to: App, step: Step): Promise<void> {
  await refuseMounted(options, from, step);
  const use = volumeTools(options, to);
  await claim(options, use.docker, to, step);
  const present = await usableObjects(options, to, "volume", step);
  if (present.length > 0)
    throw refusal(`${to.stack} has data already: ${present.map(({ name }) => name).join(", ")}`);
  for (const { name } of await usableObjects(options, from, "volume", step)) {
    const copy = `${to.stack}${name.slice(from.stack.length)}`;
    await createVolume(use, copy, labelsForVolume(to), step);
    await copyVolume(use, name, copy, step);
  }
}

export async function syncData(options: AbraOptions, app: App, step: Step): Promise<void> {
  const use = volumeTools(options, app);
  for (const { name } of await usableObjects(options, app, "volume", step)) await syncVolume(use, name, step);
}

/** The existing objects of one kind that an app may use, by name. */
export async function usableObjects(
  options: AbraOptions,
  app: App,
  kind: DockerObject["kind"],
  step: Step,
): Promise<DockerObject[]> {
  const { usable } = await readOwned(options, dockerOf(options, app), app, step);
  return usable.filter((object) => object.kind === kind).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Refuses while a container mounts a volume of the app: a copy of data in use is torn. */
export async function refuseMounted(options: AbraOptions, app: App, step: Step): Promise<void> {
  const docker = dockerOf(options, app);
  for (const { name } of await usableObjects(options, app, "volume", step)) {
    const [user] = await docker.lines(step, ["ps", "--filter", `volume=${name}`, "--format", "{{.Names}}"]);
    if (user !== undefined) throw refusal(`container ${user} still mounts ${name}`);
  }
}

/** Labels for a volume that we make ourselves: they mark it as ours, and as the stack's for abra. */
export function labelsForVolume(app: App): Labels {
  return { ...ownLabels(app), [STACK_NAMESPACE]: app.stack };
}

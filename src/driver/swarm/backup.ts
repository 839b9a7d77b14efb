import { join } from "node:path";
import { z } from "zod";
import type { Step } from "../../command/step.ts";
import type { App } from "../../core/app.ts";
import type { Docker } from "../../docker/docker.ts";
import { recipeFailure } from "../../docker/failure.ts";
import { inspect } from "../../docker/inspect.ts";
import { isOwnedBy } from "../../docker/labels.ts";
import { inspectObjects } from "../../docker/objects.ts";
import { locateVolume } from "../../docker/volumes/volume-location.ts";
import { exportVolume, mergeIntoVolume, type VolumeTools } from "../../docker/volumes/volumes.ts";
import { readServices } from "../../docker/watch/read-stack.ts";
import { removeTree } from "../../state/files.ts";
import { emptyFolder } from "../../state/trees/tree.ts";
import {
  planServiceBackup,
  type ServiceBackup,
  type VolumeMount,
  wantsBackup,
} from "../recipe-files/backup-plan.ts";
import { runHook } from "./hooks.ts";
import { backUp, openStore, restoreInto, type Store } from "./restic.ts";

/**
 * Backs a running app up as its labels say: pre-hooks, restic on the volumes, post-hooks (also after a failure). The
 * value counts the content of the backup: the caller judges an empty one.
 */
export async function backUpApp(
  use: VolumeTools,
  app: App,
  into: string,
  step: Step,
): Promise<{ files: number; bytes: number; id: string }> {
  const store: Store = { tools: use.tools, folder: into };
  const plans = await planBackups(use.docker, app, step);
  await openStore(store, step);
  try {
    await runHooks(use.docker, app, plans, "backupPre", step);
    return await storeParts(use, app, plans, store, step);
  } finally {
    await runHooks(use.docker, app, plans, "backupPost", step);
  }
}

/**
 * Restores one backup into the volumes of the running app, with the recipe's own hooks for it. Does nothing that the
 * recipe leaves out (such as loading a dump): the round trip is meant to show that.
 */
export async function restoreApp(
  use: VolumeTools,
  app: App,
  from: string,
  id: string,
  step: Step,
): Promise<void> {
  const plans = await planBackups(use.docker, app, step);
  const stage = join(app.scratch, "restored");
  emptyFolder(stage);
  try {
    const restored = await restoreInto({ tools: use.tools, folder: from }, id, stage, step);
    await runHooks(use.docker, app, plans, "restorePre", step);
    for (const [volume, folder] of restored)
      if (plans.some(({ parts }) => parts.some((part) => part.volume === volume)))
        await mergeIntoVolume(use, folder, volume, step);
    await runHooks(use.docker, app, plans, "restorePost", step);
  } finally {
    removeTree(stage);
  }
}

const Mounts = z.array(z.object({ Type: z.string(), Source: z.string().optional(), Target: z.string() }));
const Service = z.object({
  Spec: z.object({
    Name: z.string(),
    Labels: z.record(z.string(), z.string()).nullish(),
    TaskTemplate: z.object({ ContainerSpec: z.object({ Mounts: Mounts.nullish() }) }),
  }),
});

async function planBackups(docker: Docker, app: App, step: Step): Promise<ServiceBackup[]> {
  const services = await readServices(docker, app.stack, step);
  const ids = services.filter((service) => wantsBackup(service.labels)).map((service) => service.id);
  const inspected = (await inspect(docker, "service", ids, step)).map((entry) => Service.parse(entry).Spec);
  const plans = inspected.map(({ Name: name, Labels: labels, TaskTemplate: template }) => {
    const plan = planServiceBackup(
      name,
      app.stack,
      labels ?? {},
      volumeMounts(template.ContainerSpec.Mounts ?? []),
    );
    for (const path of plan.outside) step.warn(`${name}: ${path} is in no volume and is not backed up`);
    return plan;
  });
  return withoutForeign(docker, app, plans, step);
}

// A restore writes into the backed-up volumes, so foreign external volumes are excluded.
async function withoutForeign(
  docker: Docker,
  app: App,
  plans: readonly ServiceBackup[],
  step: Step,
): Promise<ServiceBackup[]> {
  const names = plans.flatMap(({ parts }) => parts.map(({ volume }) => volume));
  const volumes = await inspectObjects(docker, "volume", names, step);
  const foreign = volumes
    .filter(({ labels }) => !isOwnedBy(labels, app.owner))
    .map(({ name }) => name)
    .sort();
  for (const name of foreign) step.warn(`volume ${name} is not ours: neither backed up nor restored`);
  return plans.map((plan) => ({
    ...plan,
    parts: plan.parts.filter(({ volume }) => !foreign.includes(volume)),
  }));
}

function volumeMounts(mounts: z.infer<typeof Mounts>): VolumeMount[] {
  return mounts.flatMap(({ Type: type, Source: volume, Target: target }) =>
    type === "volume" && volume ? [{ volume, target }] : [],
  );
}

async function storeParts(
  use: VolumeTools,
  app: App,
  plans: readonly ServiceBackup[],
  store: Store,
  step: Step,
): Promise<{ files: number; bytes: number; id: string }> {
  const stage = join(app.scratch, "to-back-up");
  try {
    const parts = plans.flatMap((plan) => plan.parts);
    const folders = new Map<string, string>();
    for (const { volume } of parts)
      if (!folders.has(volume)) folders.set(volume, await folderOf(use, volume, join(stage, volume), step));
    const paths = [...new Set(parts.map(({ volume, path }) => join(volume, path)))];
    const { absent, made } = await backUp(store, { folders, paths }, step);
    for (const path of absent)
      step.warn(`${path} does not exist in the volume, or a link leads there: it is not in the backup`);
    if (made === null)
      throw recipeFailure("there is nothing to back up: no volume or path of the labels exists");
    return made;
  } finally {
    removeTree(stage);
  }
}

// For a daemon on another machine, restic gets a copy.
async function folderOf(use: VolumeTools, volume: string, stage: string, step: Step): Promise<string> {
  const location = await locateVolume(use.docker, volume, step);
  if (location.kind === "folder") return location.path;
  await exportVolume(use, volume, stage, step);
  return stage;
}

const HOOKS = {
  backupPre: "backup pre-hook",
  backupPost: "backup post-hook",
  restorePre: "restore pre-hook",
  restorePost: "restore post-hook",
} as const;

async function runHooks(
  docker: Docker,
  { stack }: App,
  plans: readonly ServiceBackup[],
  name: keyof typeof HOOKS,
  step: Step,
): Promise<void> {
  for (const { hooks, service } of plans)
    await runHook(docker, stack, service, HOOKS[name], hooks[name], step);
}

import type { Step } from "../../command/step.ts";
import { oneLine } from "../../core/text/one-line.ts";
import { ActFailed } from "../../docker/failure.ts";
import { inspect, listIds } from "../../docker/inspect.ts";
import { STACK_NAMESPACE } from "../../docker/labels.ts";
import { type DockerObject, inspectObjects, nameOf } from "../../docker/objects.ts";
import { writtenSince } from "../../docker/volumes/written-files.ts";
import { daemonTime } from "../../docker/watch/events.ts";
import { timeOf } from "../../docker/watch/read-stack.ts";
import type { Release } from "../recipe-files/release.ts";
import { undeployApp } from "./leftovers.ts";
import { namesInDocker } from "./refuse-foreign.ts";
import type { AppSite } from "./swarm-app.ts";

const MOST_FILES = 20;
/** Characters; a label cuts its text earlier. */
const LONGEST_MESSAGE = 2000;

/**
 * Returns a check to run while an app starts: whether Docker uses a volume or network for the app that somebody else
 * has made since the look before the deploy. In that case it stops the app and throws `ActFailed` (`refused`), which
 * names the object and the files written into a volume meanwhile.
 */
export function refuseCameBetween(site: AppSite, release: Release, step: Step): () => Promise<void> {
  const names = new Map(namesInDocker(site.app.stack, release));
  const volumes = new Set(names.get("volume"));
  // A deploy makes all networks itself; a volume is made when a container that mounts it starts.
  const networks = new Set([...(names.get("network") ?? []), `${site.app.stack}_default`]);
  return async () => {
    const [made, joined] = await Promise.all([
      inspectObjects(site.docker, "volume", [...volumes], step),
      inspectObjects(site.docker, "network", [...networks], step),
    ]);
    const found = [
      ...made.filter(({ name }) => volumes.has(name)),
      ...joined.filter(({ name }) => networks.has(name)),
    ];
    const foreign = found.find((object) => !site.isUsable(object));
    if (foreign !== undefined) throw await endApp(site, foreign, step);
    for (const { name } of made) volumes.delete(name);
    networks.clear();
  };
}

async function endApp(site: AppSite, foreign: DockerObject, step: Step): Promise<ActFailed> {
  const { app, docker } = site;
  const since = foreign.kind === "volume" ? await beginOfUse(site, foreign.name, step) : null;
  await undeployApp(docker, app, step);
  const written = since === null ? "" : `; ${await whatWasWritten(site, foreign.name, since, step)}`;
  const message = `${nameOf(foreign)} was made by somebody else while the app was being deployed: the app is ended, and it is left as it is${written}`;
  return new ActFailed({ cause: "refused", step: "", message: oneLine(message, LONGEST_MESSAGE) });
}

/** When the app's first container with the volume was made; now, if there is none yet. */
async function beginOfUse({ app, docker }: AppSite, volume: string, step: Step): Promise<number> {
  const filters = [`volume=${volume}`, `label=${STACK_NAMESPACE}=${app.stack}`];
  const containers = await inspect(
    docker,
    "container",
    await listIds(docker, "container", filters, step),
    step,
  );
  const times = containers.map((container) => timeOf((container as { Created: string }).Created));
  return Math.min(...(times.length > 0 ? times : [timeOf(await daemonTime(docker, step))]));
}

async function whatWasWritten(site: AppSite, volume: string, sinceMs: number, step: Step): Promise<string> {
  try {
    const { names, count } = await writtenSince(site.volumes, volume, sinceMs, MOST_FILES, step);
    const more = count > names.length ? ` and ${count - names.length} more` : "";
    if (count === 0) return "no file was written into it since the app began to use it";
    return `written into it since the app began to use it: ${names.join(", ")}${more}`;
  } catch (error) {
    if (!(error instanceof ActFailed)) throw error;
    return `the files that were written into it are not known: ${error.message}`;
  }
}

import { basename, dirname, join, resolve } from "node:path";
import { stringify } from "yaml";
import type { Step } from "../../command/step.ts";
import { converge } from "../../docker/converge.ts";
import type { Docker } from "../../docker/docker.ts";
import { daemonTime } from "../../docker/events.ts";
import { demand } from "../../docker/failure.ts";
import { type FetchedImage, fetchImage } from "../../docker/images.ts";
import { type Labels, OWN, STACK_NAMESPACE } from "../../docker/labels.ts";
import { type DockerObject, inspectObjects, listObjects } from "../../docker/objects.ts";
import { writeWhole } from "../../state/files.ts";
import type { App, Source } from "../driver.ts";
import { readAppFiles, writeAppFiles } from "./app-files.ts";
import type { Compose, Definition, Definitions } from "./compose.ts";
import { escapeDollars } from "./interpolate.ts";
import { overlayOf, PULLED } from "./overlay.ts";
import { refuseForeign } from "./refuse-foreign.ts";
import { type Release, readRelease, secretValues } from "./release.ts";
import { ensureSecrets, planSecrets } from "./secrets.ts";
import { type AppSite, labelsForDeploy, type SwarmDriverOptions, siteOf } from "./swarm-app.ts";

/**
 * Deploys a release (or brings a running app to it) and waits until it has converged. Throws `ActFailed`:
 * `refused` where something of that name is not ours, before anything is touched.
 */
export async function deployRelease(
  options: SwarmDriverOptions,
  app: App,
  source: Source,
  step: Step,
): Promise<void> {
  const site = siteOf(options, app);
  const { docker } = site;
  const release = readRelease(app, source);
  for (const secret of secretValues(release.variables)) step.secret(secret);
  await refuseForeign(site, release, step);
  const images = await fetchImages(docker, release, step);
  // A pull takes minutes: what came meanwhile is not deployed over either.
  if (images.some((image) => image.pulled !== null)) await refuseForeign(site, release, step);
  const running = await listObjects(docker, "service", [`label=${STACK_NAMESPACE}=${app.stack}`], step);
  const labels = labelsForDeploy(app, running);
  await makeSecrets(site, release, labels, step);
  const pulled = pulledByService(app, release, images, running);
  const overlay = join(app.scratch, "swarm", "overlay.yml");
  const compose = deployable(release, source.checkout);
  writeWhole(overlay, overlayOf(app, source.version, { ...release, compose }, labels, pulled), 0o600);
  const filled = join(app.scratch, "swarm", "filled.yml");
  const { files: _, parts: __, ...document } = compose;
  writeWhole(filled, stringify(document, { version: "1.1", aliasDuplicateObjects: false }), 0o600);
  const since = await daemonTime(docker, step);
  await deployStack(docker, app, [filled, overlay], images, step);
  await converge(docker, app.stack, since, { crashLoop: options.crashLoop }, step);
}

async function makeSecrets(site: AppSite, release: Release, labels: Labels, step: Step): Promise<void> {
  const { app } = site;
  const keep = (secrets: Readonly<Record<string, string>>) =>
    writeAppFiles(app, { env: release.envFile, secrets });
  await ensureSecrets(site, planSecrets(app, release), readAppFiles(app).secrets, labels, keep, step);
}

async function fetchImages(docker: Docker, release: Release, step: Step): Promise<FetchedImage[]> {
  const names = Object.values(release.filled.services).map((service) => service.image);
  const fetched: FetchedImage[] = [];
  for (const image of new Set(names)) {
    // What is no image name is for the deployer to complain of, in its own words.
    if (typeof image === "string" && /^[a-z0-9]/i.test(image))
      fetched.push(await fetchImage(docker, image, step));
  }
  return fetched;
}

/** What to note at each service: the images that were not here before, those of earlier deploys included. */
function pulledByService(
  app: App,
  release: Release,
  images: readonly FetchedImage[],
  running: readonly DockerObject[],
): Record<string, string> {
  const noted = Object.entries(release.filled.services).map(([name, service]) => {
    const before = running
      .find((object) => object.name === `${app.stack}_${name}`)
      ?.labels[PULLED]?.split(" ");
    const now = images
      .filter(({ image }) => image === service.image)
      .flatMap(({ pulled }) => (pulled === null ? [] : [pulled]));
    return [name, [...new Set([...(before ?? []), ...now])].join(" ")];
  });
  return Object.fromEntries(noted.filter(([, list]) => list !== ""));
}

// With the variables filled in and the files' own folder spelled out: the client is given neither.
function deployable({ filled }: Release, checkout: string): Compose {
  const placed = (definition: Definition) =>
    typeof definition.file === "string"
      ? { ...definition, file: resolve(checkout, definition.file) }
      : definition;
  const withEnvFile = (service: Definition) =>
    service.env_file === undefined
      ? service
      : { ...service, env_file: [service.env_file].flat().map((file) => resolve(checkout, String(file))) };
  return escapeAll({
    ...filled,
    version: filled.version ?? "3.8",
    services: mapValues(filled.services, withEnvFile),
    configs: mapValues(filled.configs, placed),
    secrets: mapValues(filled.secrets, placed),
  }) as Compose;
}

function mapValues(definitions: Definitions, change: (definition: Definition) => Definition): Definitions {
  return Object.fromEntries(Object.entries(definitions).map(([key, value]) => [key, change(value)]));
}

function escapeAll(value: unknown): unknown {
  if (typeof value === "string") return escapeDollars(value);
  if (Array.isArray(value)) return value.map(escapeAll);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, escapeAll(item)]));
}

async function deployStack(
  docker: Docker,
  app: App,
  composeFiles: readonly string[],
  images: readonly FetchedImage[],
  step: Step,
): Promise<void> {
  // By their names alone, in their own folder: in a path, a comma would end the name of a file.
  const files = composeFiles.flatMap((file) => ["--compose-file", basename(file)]);
  // Without an answer from each registry, asking again takes time and changes nothing.
  const resolve = images.every((image) => image.confirmed) ? "always" : "never";
  const args = [
    "stack",
    "deploy",
    ...files,
    "--resolve-image",
    resolve,
    "--with-registry-auth",
    "--",
    app.stack,
  ];
  const folder = dirname(composeFiles[0] ?? "");
  const result = await step.run({ ...docker.argv(args), cwd: folder, capture: true });
  for (const line of `${result.stdout}\n${result.stderr}`.split("\n")) if (line.trim() !== "") step.say(line);
  if (!result.ok) await removeUnlabelled(docker, app.stack, result.stdout, step);
  demand(result, step);
}

// Docker makes a network that a service names and nothing defines, and refuses the service after that. Nothing has
// labelled it as ours: that this very call says it made it is the proof.
async function removeUnlabelled(docker: Docker, stack: string, output: string, step: Step): Promise<void> {
  const made = [...output.matchAll(/^Creating network (\S+)$/gm)].map(([, name = ""]) => name);
  if (made.length === 0) return;
  for (const { id, labels } of await inspectObjects(docker, "network", made, step))
    if (labels[STACK_NAMESPACE] === stack && labels[OWN.state] === undefined)
      await docker.act(step, ["network", "rm", "--", id], { capture: true });
}

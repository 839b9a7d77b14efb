import { join } from "node:path";
import type { Step } from "../../command/step.ts";
import type { App, Source } from "../../core/app.ts";
import type { Docker } from "../../docker/docker.ts";
import { demand } from "../../docker/failure.ts";
import { type FetchedImage, fetchImage } from "../../docker/images.ts";
import { type Labels, STACK_NAMESPACE } from "../../docker/labels.ts";
import { type DockerObject, listObjects } from "../../docker/objects.ts";
import { refusePortsInUse } from "../../docker/ports-in-use.ts";
import { sayAll } from "../../docker/say-all.ts";
import { converge } from "../../docker/watch/converge.ts";
import { daemonTime } from "../../docker/watch/events.ts";
import { publishedPorts } from "../published-ports.ts";
import { readAppFiles, writeAppFiles } from "../recipe-files/app-files.ts";
import { type Release, readRelease, secretValues } from "../recipe-files/release.ts";
import { copyObjectFiles } from "./object-files.ts";
import { refuseCameBetween } from "./refuse-came-between.ts";
import { refuseForeign } from "./refuse-foreign.ts";
import { ensureSecrets, planSecrets } from "./secrets.ts";
import { PULLED, stackFile } from "./stack-file.ts";
import { type AppSite, labelsForDeploy, type SwarmDriverOptions, siteOf } from "./swarm-app.ts";

/**
 * Deploys a release (or brings a running app to it) and waits until it has converged. Throws `ActFailed`: `refused` if
 * a foreign object has its name, before anything is touched.
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
  // A pull takes minutes: check again for foreign objects made meanwhile.
  if (images.some((image) => image.pulled !== null)) await refuseForeign(site, release, step);
  await refusePortsInUse(docker, app.stack, publishedPorts(release.compose.services), step);
  const running = await listObjects(docker, "service", [`label=${STACK_NAMESPACE}=${app.stack}`], step);
  const labels = labelsForDeploy(app, running);
  await makeSecrets(site, release, labels, step);
  const pulled = pulledByService(app, release, images, running);
  const files = copyObjectFiles(release.compose, source.checkout, join(app.scratch, "swarm", "files"));
  const clientVariables = Object.keys(docker.argv([]).env.variables);
  const { version } = source;
  const stack = stackFile(app, release, { version, labels, pulled, files, clientVariables });
  const since = await daemonTime(docker, step);
  await deployStack(docker, app, stack, images, step);
  const look = refuseCameBetween(site, release, step);
  await converge(docker, app.stack, since, { crashLoop: options.crashLoop }, step, look);
}

async function makeSecrets(site: AppSite, release: Release, labels: Labels, step: Step): Promise<void> {
  const { app } = site;
  const keep = (secrets: Readonly<Record<string, string>>) =>
    writeAppFiles(app, { env: release.envFile, secrets });
  await ensureSecrets(site, planSecrets(app, release), readAppFiles(app).secrets, labels, keep, step);
}

async function fetchImages(docker: Docker, release: Release, step: Step): Promise<FetchedImage[]> {
  const names = Object.values(release.compose.services).map((service) => service.image);
  const fetched: FetchedImage[] = [];
  for (const image of new Set(names)) {
    // A text that is not an image name is left to the deployer's own error.
    if (typeof image === "string" && /^[a-z0-9]/i.test(image))
      fetched.push(await fetchImage(docker, image, step));
  }
  return fetched;
}

/** The images to note at each service: those that only deploys of ours pulled, earlier ones included. */
function pulledByService(
  app: App,
  release: Release,
  images: readonly FetchedImage[],
  running: readonly DockerObject[],
): Record<string, string> {
  const noted = Object.entries(release.compose.services).map(([name, service]) => {
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

async function deployStack(
  docker: Docker,
  app: App,
  stack: string,
  images: readonly FetchedImage[],
  step: Step,
): Promise<void> {
  // If a registry gave no answer, asking again takes time and changes nothing.
  const resolve = images.every((image) => image.confirmed) ? "always" : "never";
  const options = ["--compose-file", "-", "--resolve-image", resolve, "--with-registry-auth"];
  const args = ["stack", "deploy", ...options, "--", app.stack];
  const result = await docker.act(step, args, { input: stack, capture: true });
  sayAll(result, step);
  demand(result, step);
}

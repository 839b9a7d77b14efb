import type { Step } from "../../command/step.ts";
import { type Definitions, isExternal, nameInDocker } from "../../compose/compose.ts";
import { refusal } from "../../docker/failure.ts";
import { OWN } from "../../docker/labels.ts";
import { type DockerObject, inspectObjects, nameOf, objectsOfStack } from "../../docker/objects.ts";
import type { Release } from "../recipe-files/release.ts";
import type { AppSite } from "./swarm-app.ts";

/**
 * Refuses a deploy if a foreign object has the app's name, or a name that the release gives to a volume, secret, config
 * or network: Docker would use it, or put our labels on it. Throws `ActFailed` (`refused`).
 */
export async function refuseForeign(site: AppSite, release: Release, step: Step): Promise<void> {
  const { app, docker, isUsable } = site;
  const objects = [...(await objectsOfStack(docker, app.stack, step)), ...(await named(site, release, step))];
  const foreign = objects.find((object) => !isUsable(object));
  if (foreign !== undefined)
    throw refusal(`${nameOf(foreign)} already exists and was not made by this program: it is left alone`);
  const other = objects.find(({ labels }) => (labels[OWN.stack] ?? app.stack) !== app.stack);
  if (other !== undefined)
    throw refusal(`${nameOf(other)} already exists and belongs to ${other.labels[OWN.stack]}`);
}

/** The names in Docker of the release's own definitions, without external ones. */
export function namesInDocker(stack: string, { compose }: Release): [DockerObject["kind"], string[]][] {
  const sections: [DockerObject["kind"], Definitions][] = [
    ["volume", compose.volumes],
    ["network", compose.networks],
    ["secret", compose.secrets],
    ["config", compose.configs],
  ];
  return sections.map(([kind, definitions]) => [
    kind,
    Object.entries(definitions)
      .filter(([, definition]) => !isExternal(definition))
      .map(([key, definition]) => nameInDocker(stack, key, definition)),
  ]);
}

/** The existing objects among names without the stack's prefix, which the recipe has fixed. */
async function named({ app, docker }: AppSite, release: Release, step: Step): Promise<DockerObject[]> {
  const found = namesInDocker(app.stack, release).map(async ([kind, all]) => {
    const names = all.filter((name) => !name.startsWith(`${app.stack}_`));
    // An inspection also matches the beginning of an id.
    return (await inspectObjects(docker, kind, names, step)).filter(({ name }) => names.includes(name));
  });
  return (await Promise.all(found)).flat();
}

import type { Step } from "../../command/step.ts";
import type { App, KeptFiles } from "../../core/app.ts";
import { machineryFailure } from "../../docker/failure.ts";
import { STACK_NAMESPACE } from "../../docker/labels.ts";
import type { DockerObject } from "../../docker/objects.ts";
import { removeObjects } from "../../docker/removal.ts";
import { readTextIfAny } from "../../state/files.ts";
import { type AbraOptions, adoptedBy, dockerOf } from "./abra-options.ts";
import { usableObjects } from "./data.ts";
import { homeOf } from "./home.ts";
import { readOwned } from "./ownership.ts";
import { knownValues, shortName } from "./secrets.ts";

/**
 * The env file and the secret values with which an app was deployed. Fails if the value of one of our secrets is
 * unknown: without it the data could not be used again.
 */
export async function keptOf(options: AbraOptions, app: App, step: Step): Promise<KeptFiles> {
  const values = knownValues(app);
  const existing = await usableObjects(options, app, "secret", step);
  const adopted = adoptedBy(options, app);
  const unknown = existing
    .filter(({ name }) => !adopted.includes(name))
    .map(({ name }) => shortName(app.stack, name))
    .filter((name) => values[name] === undefined);
  if (unknown.length > 0)
    throw machineryFailure(`the values of these secrets are not known: ${unknown.join(", ")}`);
  return { env: readTextIfAny(homeOf(app).envFile) ?? app.kept?.env ?? null, secrets: values };
}

/**
 * The names in Docker of an app's secrets and configs that outlive its stack. Those that a compose file makes from
 * files go with the stack, and the same commit makes them again.
 */
export async function secretsAndConfigsOf(options: AbraOptions, app: App, step: Step) {
  const namesOf = async (kind: "secret" | "config") =>
    (await usableObjects(options, app, kind, step))
      .filter(({ labels }) => labels[STACK_NAMESPACE] === undefined)
      .map(({ name }) => name);
  return { secrets: await namesOf("secret"), configs: await namesOf("config") };
}

/** Removes the app's own secrets and configs except those named. */
export async function removeSecretsExcept(
  options: AbraOptions,
  app: App,
  names: { secrets: string[]; configs: string[] },
  step: Step,
): Promise<void> {
  const docker = dockerOf(options, app);
  const { ours, isOurs } = await readOwned(options, docker, app, step);
  const isAdded = ({ kind, name }: DockerObject) =>
    (kind === "secret" && !names.secrets.includes(name)) ||
    (kind === "config" && !names.configs.includes(name));
  await removeObjects(docker, ours.filter(isAdded), isOurs, step);
}

import type { Step } from "../../command/step.ts";
import { machineryFailure } from "../../docker/failure.ts";
import { readTextIfAny } from "../../state/files.ts";
import type { App, KeptFiles } from "../driver.ts";
import type { AbraOptions } from "./abra-options.ts";
import { ownObjects, volumeTools } from "./data.ts";
import { homeOf } from "./home.ts";
import { removeEach } from "./removal.ts";
import { knownValues, shortName } from "./secrets.ts";

/**
 * The env file and the secret values that an app was deployed with. A secret whose value is not known cannot be
 * kept, and without it the data could not be started again: that is a failure.
 */
export async function keptOf(options: AbraOptions, app: App, step: Step): Promise<KeptFiles> {
  const values = knownValues(app);
  const existing = await ownObjects(options, app, "secret", step);
  const unknown = existing
    .map(({ name }) => shortName(app.stack, name))
    .filter((name) => values[name] === undefined);
  if (unknown.length > 0)
    throw machineryFailure(`the values of these secrets are not known: ${unknown.join(", ")}`);
  return { env: readTextIfAny(homeOf(app).envFile) ?? app.kept?.env ?? null, secrets: values };
}

/** The names in Docker of the secrets and configs of an app that are ours. */
export async function secretsAndConfigsOf(options: AbraOptions, app: App, step: Step) {
  const namesOf = async (kind: "secret" | "config") =>
    (await ownObjects(options, app, kind, step)).map(({ name }) => name);
  return { secrets: await namesOf("secret"), configs: await namesOf("config") };
}

/** Removes the app's own secrets and configs that are not named. */
export async function removeSecretsExcept(
  options: AbraOptions,
  app: App,
  names: { secrets: string[]; configs: string[] },
  step: Step,
): Promise<void> {
  const { docker } = volumeTools(options, app);
  for (const [kind, kept] of [
    ["secret", names.secrets],
    ["config", names.configs],
  ] as const) {
    const added = (await ownObjects(options, app, kind, step)).filter(({ name }) => !kept.includes(name));
    await removeEach(docker, added, ({ name }) => !kept.includes(name), step);
  }
}

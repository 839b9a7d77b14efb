import { randomInt } from "node:crypto";
import type { Step } from "../../command/step.ts";
import { isExternal, nameInDocker } from "../../compose/compose.ts";
import type { App } from "../../core/app.ts";
import type { Docker } from "../../docker/docker.ts";
import { demand, recipeFailure, refusal } from "../../docker/failure.ts";
import { type Labels, labelOptions } from "../../docker/labels.ts";
import { inspectObjects } from "../../docker/objects.ts";
import { demandFewSecrets, type SecretForm, secretForm } from "../generated-secret.ts";
import type { EnvEntry } from "../recipe-files/env-file.ts";
import type { Release } from "../recipe-files/release.ts";
import type { AppSite } from "./swarm-app.ts";

/** A secret that the app needs, for the deployer to make. */
export interface SecretPlan {
  /** The recipe's name for it. */
  key: string;
  /** `<stack>_<key>_<version>`. */
  name: string;
  /** How to generate a value; null: the recipe forbids it. */
  form: SecretForm | null;
}

/**
 * The secrets that a release expects under the stack's name. Throws `ActFailed` (recipe) for one whose generation is
 * out of bounds.
 */
export function planSecrets(app: App, release: Release): SecretPlan[] {
  const plans = Object.entries(release.compose.secrets)
    .filter(([, definition]) => isExternal(definition))
    .map(([key, definition]) => ({
      key,
      name: nameInDocker(app.stack, key, definition),
      form: formOf(key, release.entries),
    }))
    .filter(({ name }) => name.startsWith(`${app.stack}_`));
  demandFewSecrets(plans.length);
  return plans;
}

/**
 * Makes the missing secrets, with known values or new ones. `keep` receives all values, by the recipe's names, before
 * the first secret is made: a kill must not leave a secret whose value is lost. Throws `ActFailed`: `refused` for a
 * foreign secret.
 */
export async function ensureSecrets(
  { docker, isUsable }: AppSite,
  plans: readonly SecretPlan[],
  known: Readonly<Record<string, string>>,
  labels: Labels,
  keep: (values: Readonly<Record<string, string>>) => void,
  step: Step,
): Promise<void> {
  const names = plans.map((plan) => plan.name);
  const existing = await inspectObjects(docker, "secret", names, step);
  const foreign = existing.find((secret) => !isUsable(secret));
  if (foreign !== undefined)
    throw refusal(`secret ${foreign.name} already exists and was not made by this program`);
  const missing = plans.filter((plan) => !existing.some((secret) => secret.name === plan.name));
  const made = missing.map((plan) => ({ ...plan, value: known[plan.key] ?? generateSecret(plan) }));
  const values = { ...known, ...Object.fromEntries(made.map(({ key, value }) => [key, value])) };
  for (const value of Object.values(values)) step.secret(value);
  keep(values);
  for (const { name, value } of made) await createSecret(docker, name, value, labels, step);
}

/** Makes one secret. Its value goes to standard input: every user of the machine can read an argv. */
export async function createSecret(
  docker: Docker,
  name: string,
  value: string,
  labels: Labels,
  step: Step,
): Promise<void> {
  const args = ["secret", "create", ...labelOptions(labels), "--", name, "-"];
  demand(await docker.act(step, args, { input: value }), step);
}

function generateSecret({ key, form }: SecretPlan): string {
  if (form === null) throw recipeFailure(`secret not generated: ${key}`);
  const { characters, length } = form;
  return Array.from({ length }, () => characters[randomInt(characters.length)]).join("");
}

function formOf(key: string, entries: readonly EnvEntry[]): SecretForm | null {
  const variable = `SECRET_${key.toUpperCase().replaceAll("-", "_")}_VERSION`;
  const modifiers = entries.find((entry) => entry.name === variable)?.modifiers ?? {};
  return modifiers.generate === "false" ? null : secretForm(variable, modifiers);
}

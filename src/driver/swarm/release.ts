import { BOUNDS, pastBound } from "../../core/bounds.ts";
import { isSecretName } from "../../core/secret-name.ts";
import { recipeFailure } from "../../docker/failure.ts";
import { messageOf } from "../../fault.ts";
import { readContainedText } from "../../state/contained-file.ts";
import type { App, Source } from "../driver.ts";
import { readExports } from "./abra-sh.ts";
import { readAppFiles } from "./app-files.ts";
import { type Compose, readCompose } from "./compose.ts";
import {
  type EnvEntry,
  expandEntries,
  formatEnvFile,
  overlayEntries,
  parseEnvFile,
  quoteValue,
} from "./env-file.ts";
import { interpolate } from "./interpolate.ts";

/** A release with the variables of one app filled in, as abra does. */
export interface Release {
  /** The app's `.env`. */
  entries: EnvEntry[];
  envFile: string;
  /** What `docker stack deploy` is to fill in: the `.env`, then what `abra.sh` exports. */
  variables: Readonly<Record<string, string>>;
  /** As the files have it. */
  compose: Compose;
  /** The same with variables filled in: for looking at only. */
  filled: Compose;
}

/**
 * Reads a release for an app. An app that was deployed before, or has a canonical, keeps its `.env`, as its
 * users would; a newer `.env.sample` only adds to it. The recipe's `env:` wins. `asFilled` makes of
 * the app's variables those that the deployer fills in. Throws `ActFailed` (recipe).
 */
export function readRelease(
  app: App,
  { checkout }: Pick<Source, "checkout">,
  asFilled: (variables: Readonly<Record<string, string>>) => Readonly<Record<string, string>>,
): Release {
  const sample = parseEnvFile(textOf(checkout, ".env.sample"));
  const kept = parseEnvFile(readAppFiles(app).env ?? "");
  const own = Object.entries(app.env).map(([name, value]) =>
    entry(name, value.replaceAll("{domain}", app.domain)),
  );
  const fixed = { DOMAIN: app.domain, STACK_NAME: app.stack };
  const fixedEntries = Object.entries(fixed).map(([name, value]) => entry(name, value));
  const entries = [kept, own, fixedEntries].reduce(overlayEntries, sample);
  const env = expandEntries(entries, fixed);
  const variables = { ...env, ...readExports(textOf(checkout, "abra.sh")) };
  const compose = readCompose(checkout, variables.COMPOSE_FILE);
  return {
    entries,
    envFile: formatEnvFile(entries),
    variables,
    compose,
    filled: interpolate(compose, asFilled(variables)),
  };
}

/**
 * The values whose variable's name says that they are secret; a version of one is none. Throws `ActFailed` (recipe)
 * for more than can be looked for.
 */
export function secretValues(variables: Readonly<Record<string, string>>): string[] {
  const values = Object.entries(variables)
    .filter(([name]) => isSecretName(name) && !/_VERSION$/.test(name))
    .map(([, value]) => value);
  const bytes = values.reduce((sum, value) => sum + Buffer.byteLength(value), 0);
  if (bytes <= BOUNDS.secretVariablesBytes) return values;
  const what = "the `.env` has, in variables with the names of secrets,";
  throw recipeFailure(pastBound(what, bytes, BOUNDS.secretVariablesBytes, "bytes"));
}

/** The same of the text of an `.env`. */
export function secretsOfEnv(text: string): string[] {
  return secretValues(expandEntries(parseEnvFile(text), {}));
}

function textOf(checkout: string, name: string): string {
  try {
    return readContainedText(checkout, name, BOUNDS.envFileBytes) ?? "";
  } catch (error) {
    throw recipeFailure(messageOf(error));
  }
}

function entry(name: string, value: string): EnvEntry {
  return { name, raw: quoteValue(value), modifiers: {} };
}

import { BOUNDS as COMPOSE_BOUNDS } from "../../compose/bounds.ts";
import type { Compose, ComposeFile } from "../../compose/compose.ts";
import { type Problem, startOf } from "../../compose/located.ts";
import { readCompose } from "../../compose/read-compose.ts";
import type { App, Source } from "../../core/app.ts";
import { BOUNDS, pastBound } from "../../core/bounds.ts";
import { isSecretName } from "../../core/secrets/secret-name.ts";
import { recipeFailure } from "../../docker/failure.ts";
import { messageOf } from "../../fault.ts";
import { readContainedFile, readContainedText } from "../../state/contained-file.ts";
import { readExports } from "./abra-sh.ts";
import { readAppFiles } from "./app-files.ts";
import {
  type EnvEntry,
  expandEntries,
  formatEnvFile,
  overlayEntries,
  parseEnvFile,
  quoteValue,
} from "./env-file.ts";

/** A release with one app's variables filled in, as abra does. */
export interface Release {
  /** The app's `.env`. */
  entries: EnvEntry[];
  envFile: string;
  /** Variables for the compose files: the `.env`, then the exports of `abra.sh`. */
  variables: Readonly<Record<string, string>>;
  /** The compose files, read once: this reading is judged, looked at and deployed. */
  compose: Compose;
  /** Places that another reader might read differently; our own deploys do not depend on them. */
  doubts: Problem[];
  files: ComposeFile[];
}

/**
 * Reads a release for an app. An app that was deployed before, or has a canonical, keeps its `.env`, as its users
 * would; a newer `.env.sample` only adds to it. The recipe's `env:` overrides both. Throws `ActFailed` (recipe) with
 * all problems.
 */
export function readRelease(app: App, { checkout }: Pick<Source, "checkout">): Release {
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
  const picked = variables.COMPOSE_FILE;
  const { compose, problems, doubts, files } = readCompose({
    readFile: (path) => readContainedFile(checkout, path, COMPOSE_BOUNDS.fileBytes),
    variables,
    picked: picked === undefined ? null : { raw: picked, text: picked, at: startOf(".env.sample") },
  });
  if (compose === null || problems.length > 0) throw recipeFailure(wordsOf(problems));
  return { entries, envFile: formatEnvFile(entries), variables, compose, doubts, files };
}

/** At most this many problems are listed. */
const SAID = 10;

/** Problems on one line, each with its file and line. */
function wordsOf(problems: readonly Problem[]): string {
  const said = problems.slice(0, SAID).map(({ message, at }) => {
    const text = message.startsWith(`${at.file}: `) ? message.slice(at.file.length + 2) : message;
    return `${at.file}:${at.line}: ${text}`;
  });
  const more = problems.length - said.length;
  return [...said, ...(more > 0 ? [`${more} more`] : [])].join("; ");
}

/**
 * The values of variables with secret-sounding names, versions of secrets excepted. Throws `ActFailed` (recipe) for
 * more than can be searched for.
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

/** The same for the text of an `.env`. */
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

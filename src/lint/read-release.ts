import { type DriverName, TRAITS } from "../core/driver-traits.ts";
import { stackName } from "../core/stack-name.ts";
import { readExports } from "../driver/recipe-files/abra-sh.ts";
import {
  type EnvEntry,
  expandEntries,
  overlayEntries,
  parseEnvFile,
  quoteValue,
} from "../driver/recipe-files/env-file.ts";
import { readComposeFiles } from "./compose.ts";
import { linesOf, type ReleaseFacts, type ReleaseFiles } from "./facts.ts";
import type { Place } from "./finding.ts";

/** For whom a release is read. */
export interface Reader {
  driver: DriverName;
  /** The warm domain. */
  domain: string;
  /** `env:` of `recipe.yaml`. */
  env: Readonly<Record<string, string>>;
}

/**
 * Reads a release as the deploy of a new app would: `.env.sample`, the recipe's `env:`, what `abra.sh` exports,
 * then the compose files that `COMPOSE_FILE` picks. An app that was deployed before keeps its `.env`: `kept`.
 */
export function readReleaseFacts(
  version: string,
  files: ReleaseFiles,
  reader: Reader,
  kept: readonly EnvEntry[] = [],
): ReleaseFacts & { entries: EnvEntry[] } {
  const fixed = { DOMAIN: reader.domain, STACK_NAME: stackName(reader.domain) };
  const own = Object.entries(reader.env).map(([name, value]) =>
    entry(name, value.replaceAll("{domain}", reader.domain)),
  );
  const sample = parseEnvFile(textOf(files, ".env.sample"));
  const given = Object.entries(fixed).map(([name, value]) => entry(name, value));
  const entries = [kept, own, given].reduce<EnvEntry[]>(overlayEntries, sample);
  const variables = { ...expandEntries(entries, fixed), ...readExports(textOf(files, "abra.sh")) };
  const { COMPOSE_FILE: picked } = variables;
  const at = placeOfComposeFile(files, reader);
  const compose = readComposeFiles(
    files,
    variables,
    picked === undefined ? null : { raw: picked, text: picked, at },
    TRAITS[reader.driver].deploys !== "commands",
  );
  return { version, files, variables, compose, entries };
}

function placeOfComposeFile(files: ReleaseFiles, { env }: Reader): Place {
  if (env.COMPOSE_FILE !== undefined)
    return { base: "configuration", file: "recipe.yaml", line: 1, column: 1 };
  const lines = linesOf(textOf(files, ".env.sample"));
  const line = lines.findLast(({ text }) => /^\s*(export\s+)?COMPOSE_FILE\s*=/.test(text))?.line ?? 1;
  return { base: "recipe", file: ".env.sample", line, column: 1 };
}

function textOf(files: ReleaseFiles, path: string): string {
  return files.get(path)?.text ?? "";
}

function entry(name: string, value: string): EnvEntry {
  return { name, raw: quoteValue(value), modifiers: {} };
}

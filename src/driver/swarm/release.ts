import { join } from "node:path";
import type { Step } from "../../command/step.ts";
import type { Toolbox } from "../../environment/toolbox.ts";
import { readTextIfAny } from "../../state/files.ts";
import type { App, Source } from "../driver.ts";
import { readAbraSh } from "./abra-sh.ts";
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
 * users would; a newer `.env.sample` only adds to it. The recipe's `env:` wins. Throws `ActFailed` (recipe).
 */
export async function readRelease(app: App, source: Source, tools: Toolbox, step: Step): Promise<Release> {
  const sample = parseEnvFile(readTextIfAny(join(source.checkout, ".env.sample")) ?? "");
  const kept = parseEnvFile(readAppFiles(app).env ?? "");
  const own = Object.entries(app.env).map(([name, value]) =>
    entry(name, value.replaceAll("{domain}", app.domain)),
  );
  const fixed = { DOMAIN: app.domain, STACK_NAME: app.stack };
  const fixedEntries = Object.entries(fixed).map(([name, value]) => entry(name, value));
  const entries = [kept, own, fixedEntries].reduce(overlayEntries, sample);
  const env = expandEntries(entries, fixed);
  const variables = { ...env, ...(await readAbraSh(source.checkout, env, tools, step)) };
  const compose = readCompose(source.checkout, variables.COMPOSE_FILE);
  return {
    entries,
    envFile: formatEnvFile(entries),
    variables,
    compose,
    filled: interpolate(compose, variables),
  };
}

function entry(name: string, value: string): EnvEntry {
  return { name, raw: quoteValue(value), modifiers: {} };
}

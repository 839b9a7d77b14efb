import { z } from "zod";
import type { Step } from "../../command/step.ts";
import type { App } from "../../core/app.ts";
import type { Docker } from "../../docker/docker.ts";
import { refusal } from "../../docker/failure.ts";
import { STACK_NAMESPACE } from "../../docker/labels.ts";
import { listObjects } from "../../docker/objects.ts";
import { readJson, readTextIfAny, removeTree, writeJson, writeWhole } from "../../state/files.ts";
import { demandFewSecrets, secretLength } from "../generated-secret.ts";
import { addSecrets, type LedgerEntry } from "../ledger.ts";
import { ABRA } from "./abra-commands.ts";
import { type AbraOptions, adoptedBy } from "./abra-options.ts";
import { declaredSecrets } from "./env-file.ts";
import { failureOfAbra } from "./failure.ts";
import { homeOf } from "./home.ts";
import { callAbra, outputOf, runAbra } from "./run-abra.ts";

type Values = Record<string, string>;

/**
 * Makes the app's secrets exist: kept ones with their kept values, the others as abra generates them. Each name
 * is in the ledger before it is made, each value is kept out of every log.
 */
export async function ensureSecrets(
  options: AbraOptions,
  docker: Docker,
  app: App,
  entry: LedgerEntry,
  step: Step,
): Promise<void> {
  for (const value of Object.values(knownValues(app))) step.secret(value);
  const declared = declaredSecrets(readTextIfAny(homeOf(app).envFile) ?? "");
  demandFewSecrets(declared.length);
  for (const { name, comment } of declared)
    secretLength(name, { length: /[#\s]length=(\S+)/.exec(comment)?.[1] });
  const expected = declared.map(({ name, version }) => `${app.stack}_${name}_${version}`);
  const existing = await secretNames(docker, app, step);
  const known = [...entry.secrets, ...adoptedBy(options, app)];
  const foreign = expected.filter((name) => existing.includes(name) && !known.includes(name));
  if (foreign.length > 0) throw refusal(`secrets that are not ours: ${foreign.join(", ")}`);
  const reserved = addSecrets(options.stateRoot, entry, expected);
  await insertKept(options, app, existing, step);
  const before = await secretNames(docker, app, step);
  const values = await generateMissing(options, app, step);
  const after = await secretNames(docker, app, step);
  const made = after.filter((name) => !before.includes(name));
  addSecrets(options.stateRoot, reserved, made);
  keepValues(app, made, values, step);
}

/** The values that are known of an app's secrets, by the recipe's name for each. */
export function knownValues(app: App): Values {
  const reading = readJson(homeOf(app).secretValues, z.record(z.string(), z.string()));
  return { ...app.kept?.secrets, ...(reading.state === "read" ? reading.value : {}) };
}

/** Names in Docker of the secrets that exist for an app. */
async function secretNames(docker: Docker, app: App, step: Step): Promise<string[]> {
  const found = await listObjects(docker, "secret", [`name=${app.stack}_`], step);
  const own = found.filter(({ labels }) => (labels[STACK_NAMESPACE] ?? app.stack) === app.stack);
  return own.map(({ name }) => name).filter((name) => name.startsWith(`${app.stack}_`));
}

/** The recipe's name of a secret: without the stack's name before it and the version after it. */
export function shortName(stack: string, inDocker: string): string {
  return inDocker.slice(stack.length + 1).replace(/_[^_]*$/, "");
}

async function insertKept(
  options: AbraOptions,
  app: App,
  existing: readonly string[],
  step: Step,
): Promise<void> {
  const { envFile, secretFile } = homeOf(app);
  const declared = declaredSecrets(readTextIfAny(envFile) ?? "");
  for (const [name, value] of Object.entries(app.kept?.secrets ?? {})) {
    const version = declared.find((secret) => secret.name === name)?.version;
    if (version === undefined)
      step.warn(`the kept secret ${name} has no version in the env file: not inserted`);
    if (version === undefined || existing.includes(`${app.stack}_${name}_${version}`)) continue;
    try {
      writeWhole(secretFile, value, 0o600);
      const args = ABRA.insertSecret(app.domain, name, version, secretFile);
      await runAbra(options, app, { act: "secret insert", args }, step);
    } finally {
      removeTree(secretFile);
    }
  }
}

// abra ends with 1 also where there was nothing to generate: only its FATA is a failure.
async function generateMissing(options: AbraOptions, app: App, step: Step): Promise<Values> {
  const call = { act: "secret generate", args: ABRA.generateSecrets(app.domain), secret: true } as const;
  const result = await callAbra(options, app, call, step);
  const values = parseGenerated(result.stdout);
  for (const value of Object.values(values)) step.secret(value);
  const output = outputOf(result);
  const nothingToDo = result.exitCode !== null && !/^\s*FATA\b/m.test(output);
  if (result.ok || nothingToDo) return values;
  throw failureOfAbra(result, { act: call.act, output, runsInApp: false }, step);
}

const Row = z.record(z.string(), z.unknown());

/**
 * The values that `secret generate --machine` printed. Its form is known only roughly, so two are taken: rows
 * with a name and a value, and an object of values by name.
 */
export function parseGenerated(stdout: string): Values {
  const json = parseJsonWithin(stdout);
  const rows = Array.isArray(json) ? json.map((row) => Row.safeParse(row).data ?? {}) : [];
  const named = rows.map((row) => [fieldOf(row, "name"), fieldOf(row, "value")] as const);
  const pairs = Array.isArray(json) ? named : Object.entries(Row.safeParse(json).data ?? {});
  const texts = pairs.filter((pair): pair is [string, string] =>
    pair.every((text) => typeof text === "string"),
  );
  return Object.fromEntries(texts);
}

function fieldOf(row: Record<string, unknown>, name: string): unknown {
  return Object.entries(row).find(([key]) => key.toLowerCase() === name)?.[1];
}

function parseJsonWithin(text: string): unknown {
  const begin = text.search(/[[{]/);
  const end = Math.max(text.lastIndexOf("]"), text.lastIndexOf("}"));
  try {
    return JSON.parse(text.slice(begin, end + 1));
  } catch {
    return null;
  }
}

// Docker gives no value back, so one that was not read now is lost: said at once, and again when it is asked for.
function keepValues(app: App, made: readonly string[], generated: Values, step: Step): void {
  const fresh = made
    .map((inDocker) => shortName(app.stack, inDocker))
    .filter((name) => !(name in (app.kept?.secrets ?? {})));
  const unread = fresh.filter((name) => generated[name] === undefined);
  if (unread.length > 0) step.warn(`abra printed no value of the secrets ${unread.join(", ")}`);
  const known = Object.entries(generated).filter(([name]) => fresh.includes(name));
  const values = { ...knownValues(app), ...Object.fromEntries(known) };
  writeJson(homeOf(app).secretValues, values, 0o600);
}

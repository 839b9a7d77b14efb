import { join } from "node:path";
import { z } from "zod";
import type { App } from "../core/app.ts";
import { refusal } from "../docker/failure.ts";
import { type Clock, isoTime } from "../log.ts";
import { listFolder, readJson, removeTree, writeJson } from "../state/files.ts";

const SCHEMA = 1;

/**
 * What this state folder has made through abra, whose objects cannot carry our labels: an entry stands on disk
 * before the first object does, made when nothing of that name was on the swarm. Only what an entry covers is
 * ever removed.
 */
export const LedgerEntry = z.looseObject({
  schema: z.number(),
  owner: z.string(),
  run: z.string(),
  recipe: z.string(),
  instance: z.enum(["cold", "warm"]),
  domain: z.string(),
  stack: z.string(),
  lane: z.string(),
  server: z.string(),
  context: z.string(),
  since: z.string(),
  /** Names in Docker of secrets that are ours: they carry no label that says so. */
  secrets: z.array(z.string()),
  /** Snapshots in the backup-bot's store that we made. */
  snapshots: z.array(z.string()),
  /** Images that only our deploys pulled, as `name@id`. */
  images: z.array(z.string()),
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;

/** The entry of an app, or null. One that cannot be read is no absent one: whose the app is, is not known. */
export function readEntry(stateRoot: string, app: Pick<App, "lane" | "stack" | "owner">): LedgerEntry | null {
  return readFile(fileOf(stateRoot, app.lane.name, app.stack), app.owner);
}

/** Writes a new entry, before anything of the app is made. */
export function reserve(stateRoot: string, app: App, clock: Clock): LedgerEntry {
  const { owner, run, recipe, instance, domain, stack, lane } = app;
  const entry: LedgerEntry = {
    ...{ schema: SCHEMA, owner, run, recipe, instance, domain, stack },
    ...{ lane: lane.name, server: lane.server, context: lane.context, since: isoTime(clock) },
    ...{ secrets: [], snapshots: [], images: [] },
  };
  writeEntry(stateRoot, entry);
  return entry;
}

export function writeEntry(stateRoot: string, entry: LedgerEntry): void {
  writeJson(fileOf(stateRoot, entry.lane, entry.stack), entry, 0o600);
}

/** Adds names of secrets to an entry, before they are made. */
export function addSecrets(stateRoot: string, entry: LedgerEntry, names: readonly string[]): LedgerEntry {
  if (names.every((name) => entry.secrets.includes(name))) return entry;
  const changed = { ...entry, secrets: [...new Set([...entry.secrets, ...names])].sort() };
  writeEntry(stateRoot, changed);
  return changed;
}

/** Adds what a deploy pulled or a backup made to an entry, if there is one. */
export function addToEntry(
  stateRoot: string,
  app: Pick<App, "lane" | "stack" | "owner">,
  list: "snapshots" | "images",
  names: readonly string[],
): void {
  const entry = readEntry(stateRoot, app);
  if (entry === null || names.every((name) => entry[list].includes(name))) return;
  writeEntry(stateRoot, { ...entry, [list]: [...new Set([...entry[list], ...names])] });
}

export function forgetEntry(stateRoot: string, app: Pick<App, "lane" | "stack">): void {
  removeTree(fileOf(stateRoot, app.lane.name, app.stack));
}

/** Every entry of a lane; one that cannot be read stops the look. */
export function listEntries(stateRoot: string, lane: string, owner: string): LedgerEntry[] {
  return listFolder(join(stateRoot, "ledger", lane))
    .filter((name) => name.endsWith(".json") && !name.startsWith("."))
    .map((name) => readFile(join(stateRoot, "ledger", lane, name), owner))
    .filter((entry) => entry !== null);
}

function readFile(path: string, owner: string): LedgerEntry | null {
  const reading = readJson(path, LedgerEntry, SCHEMA);
  if (reading.state === "absent") return null;
  if (reading.state === "unreadable") throw refusal(reading.problem);
  if (reading.value.owner !== owner)
    throw refusal(`${path} belongs to another state folder (${reading.value.owner})`);
  return reading.value;
}

function fileOf(stateRoot: string, lane: string, stack: string): string {
  return join(stateRoot, "ledger", lane, `${stack}.json`);
}

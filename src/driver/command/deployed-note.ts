import { join } from "node:path";
import { z } from "zod";
import { Fault } from "../../fault.ts";
import { type JsonReading, listFolder, readJson, removeFile, writeJson } from "../../state/files.ts";
import type { CommandApp, CommandSource } from "./command-app.ts";
import { variablesOf } from "./kept-env.ts";

const SCHEMA = 1;

const DeployedNote = z.object({
  schema: z.number(),
  app: z.object({
    recipe: z.string(),
    instance: z.enum(["cold", "warm"]),
    domain: z.string(),
    stack: z.string(),
    run: z.string(),
    edge: z.object({
      address: z.string(),
      port: z.number(),
      scheme: z.enum(["https", "http"]),
      caFile: z.string().optional(),
    }),
    scratch: z.string(),
    data: z.string(),
    env: z.record(z.string(), z.string()),
    kept: z.null(),
  }),
  source: z.object({ version: z.string(), commit: z.string(), checkout: z.string().nullable() }),
});

/** An app that was passed to `deploy` and has not been undeployed since. */
export interface Deployed {
  app: CommandApp;
  source: CommandSource;
}

/** Notes an app before its deploy, so that a run after a kill knows what to undeploy, and at which version. */
export function noteDeploy(stateRoot: string, app: CommandApp, source: CommandSource): void {
  const { recipe, instance, domain, stack, run, edge, scratch, data } = app;
  const { version, commit, checkout } = source;
  const ofApp = { recipe, instance, domain, stack, run, edge, scratch, data };
  const noted = { ...ofApp, env: variablesOf(app), kept: null };
  writeJson(
    noteOf(stateRoot, domain),
    { schema: SCHEMA, app: noted, source: { version, commit, checkout } },
    0o600,
  );
}

export function forgetDeploy(stateRoot: string, domain: string): void {
  removeFile(noteOf(stateRoot, domain));
}

/**
 * The note of an app; null if it was not deployed. Throws a Fault if the note cannot be read: some unknown version was
 * deployed then.
 */
export function readDeploy(stateRoot: string, domain: string): Deployed | null {
  const reading = readNote(stateRoot, domain);
  if (reading.state === "unreadable") throw new Fault("machinery", reading.problem, UNREADABLE);
  return reading.state === "read" ? reading.value : null;
}

/** Every note, and the problems with unreadable ones. */
export function listDeploys(stateRoot: string): { deploys: Deployed[]; problems: string[] } {
  const readings = listFolder(folderOf(stateRoot))
    .filter((name) => name.endsWith(".json") && !name.startsWith("."))
    .map((name) => readNote(stateRoot, name.slice(0, -".json".length)));
  return {
    deploys: readings.flatMap((reading) => (reading.state === "read" ? [reading.value] : [])),
    problems: readings.flatMap((reading) =>
      reading.state === "unreadable" ? [`${reading.problem}: ${UNREADABLE}`] : [],
    ),
  };
}

const UNREADABLE = "see whether that app still runs, undeploy it by hand, then move the file away";

function readNote(stateRoot: string, domain: string): JsonReading<Deployed> {
  return readJson(noteOf(stateRoot, domain), DeployedNote, SCHEMA);
}

function noteOf(stateRoot: string, domain: string): string {
  return join(folderOf(stateRoot), `${domain}.json`);
}

function folderOf(stateRoot: string): string {
  return join(stateRoot, "deployed");
}

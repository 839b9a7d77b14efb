import { join } from "node:path";
import { z } from "zod";
import type { App, KeptFiles } from "../../core/app.ts";
import { readJson, readTextIfAny, writeJson, writeWhole } from "../../state/files.ts";

const Secrets = z.record(z.string(), z.string());

/** The `.env` and the secret values of an app: those of an earlier deploy, else those to start with. */
export function readAppFiles(app: App): KeptFiles {
  const { env, secrets } = pathsOf(app);
  const reading = readJson(secrets, Secrets);
  return {
    env: readTextIfAny(env) ?? app.kept?.env ?? null,
    secrets: { ...app.kept?.secrets, ...(reading.state === "read" ? reading.value : {}) },
  };
}

/** Keeps the files of a deployed app, readable by their owner only: Docker cannot return secrets. */
export function writeAppFiles(
  app: App,
  files: { env: string; secrets: Readonly<Record<string, string>> },
): void {
  const paths = pathsOf(app);
  writeWhole(paths.env, files.env, 0o600);
  writeJson(paths.secrets, files.secrets, 0o600);
}

function pathsOf(app: App): { env: string; secrets: string } {
  const folder = join(app.scratch, "swarm");
  return { env: join(folder, ".env"), secrets: join(folder, "secrets.json") };
}

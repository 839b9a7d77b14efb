import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type AbraApp, environmentOf } from "./app.ts";
import { interpolate } from "./env-file.ts";
import { fatal } from "./fatal.ts";

export interface ComposeService {
  image?: string;
  environment?: Record<string, string | null> | string[];
  volumes?: (string | { type?: string; source?: string; target?: string })[];
  deploy?: { labels?: Record<string, string> | string[] };
  secrets?: (string | { source: string })[];
}

export interface ComposeFile {
  version?: string;
  services?: Record<string, ComposeService>;
  secrets?: Record<string, { external?: boolean; name?: string }>;
  volumes?: Record<string, unknown>;
}

/** The compose files that `COMPOSE_FILE` picks, as paths. */
export function composePaths(app: AbraApp): string[] {
  const named = app.variables.get("COMPOSE_FILE")?.value || "compose.yml";
  return named.split(":").map((name) => join(app.folder, name));
}

/** Reads compose files; a bad one is fatal. */
export function readCompose(paths: readonly string[]): ComposeFile[] {
  return paths.map((path) => {
    if (!existsSync(path)) return fatal(`open ${path}: no such file or directory`);
    try {
      const file = parse(readFileSync(path, "utf8")) as ComposeFile | null;
      if (file === null || typeof file !== "object" || file.services === undefined)
        return fatal(`${path}: services must be a mapping`);
      return file;
    } catch (error) {
      return fatal(`yaml: ${(error as Error).message.split("\n")[0]}`);
    }
  });
}

/** The external secrets of the recipe: by the recipe's name for each, the name in Docker. */
export function externalSecrets(app: AbraApp): Map<string, string> {
  const environment = environmentOf(app);
  const found = new Map<string, string>();
  for (const file of readCompose(composePaths(app)))
    for (const [name, secret] of Object.entries(file.secrets ?? {}))
      if (secret.external && secret.name !== undefined)
        found.set(
          name,
          interpolate(secret.name, (variable) => environment[variable]),
        );
  return found;
}

/** Labels as a map, whichever of the two forms the file has. */
export function labelMap(labels: Record<string, string> | string[] | undefined): Record<string, string> {
  if (!Array.isArray(labels)) return { ...labels };
  return Object.fromEntries(labels.map((entry) => entry.split(/=(.*)/s).slice(0, 2) as [string, string]));
}

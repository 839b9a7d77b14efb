import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { type AbraApp, deployedVersion, findApp } from "./app.ts";
import type { Call } from "./arguments.ts";
import { externalSecrets } from "./compose.ts";
import { docker, namesOf, tryDocker } from "./docker.ts";
import { fatal, info, warn } from "./fatal.ts";
import { checkOut } from "./recipe.ts";

const DEFAULT_LENGTH = 40;
const ALPHABETS: Record<string, string> = {
  hex: "0123456789abcdef",
  default: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
};

/** Prints the values in clear: whoever calls has to keep them out of the logs. */
export function generateSecrets({ words, flags }: Call): void {
  if (!flags.has("all")) fatal("missing arguments: --all");
  const app = findApp(words[0] ?? "");
  if (app.version !== null) checkOut(app.recipe, app.folder, app.version);
  const made = generateMissing(app, flags.has("machine"));
  const rows = [...made].map(([name, value]) => ({ name, value }));
  if (flags.has("machine")) process.stdout.write(`${JSON.stringify(rows)}\n`);
  else for (const { name, value } of rows) process.stdout.write(`${name}  ${value}\n`);
}

/** Makes every secret that the recipe declares and that does not exist yet; returns name and value. */
export function generateMissing(app: AbraApp, quiet = false): Map<string, string> {
  const existing = namesOf(app.server, "secret", `${app.stack}_`);
  const made = new Map<string, string>();
  for (const [name, inDocker] of externalSecrets(app)) {
    if (existing.includes(inDocker)) {
      if (!quiet) warn(`${inDocker} already exists, moving on...`);
      continue;
    }
    const value = randomValue(app.variables.get(`SECRET_${name.toUpperCase()}_VERSION`)?.modifiers ?? {});
    docker(app.server, ["secret", "create", inDocker, "-"], { input: value });
    made.set(name, value);
  }
  return made;
}

export function insertSecret({ words, flags }: Call): void {
  const [domain = "", name = "", version = "", data = ""] = words;
  const app = findApp(domain);
  const value = flags.has("file") ? readFileSync(data, "utf8") : data;
  const inDocker = `${app.stack}_${name}_${version}`;
  const result = tryDocker(app.server, ["secret", "create", inDocker, "-"], { input: value });
  if (result.status !== 0) fatal(result.stderr.trim().replace(/^Error response from daemon: /, ""));
  info(`${inDocker} successfully stored on server`);
}

export function removeSecrets({ words, flags }: Call): void {
  if (!flags.has("all")) fatal("missing arguments: --all");
  const app = findApp(words[0] ?? "");
  if (deployedVersion(app) !== null) fatal(`${app.domain} is still deployed`);
  for (const inDocker of externalSecrets(app).values())
    if (namesOf(app.server, "secret", inDocker).includes(inDocker))
      docker(app.server, ["secret", "rm", inDocker]);
}

function randomValue(modifiers: Record<string, string>): string {
  const length = Number(modifiers.length ?? DEFAULT_LENGTH);
  const alphabet = ALPHABETS[modifiers.charset ?? "default"] ?? ALPHABETS.default ?? "";
  return [...randomBytes(length)].map((byte) => alphabet[byte % alphabet.length]).join("");
}

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { abraFolder, findApp, servers } from "./app.ts";
import type { Call } from "./arguments.ts";
import { readCompose } from "./compose.ts";
import { fatal, info } from "./fatal.ts";
import { checkOut, readSample, recipeFolder, releases } from "./recipe.ts";
import { generateMissing } from "./secrets.ts";

/** Writes the env file of a new app. The recipe's checkout is moved to the chosen or the newest release. */
export function newApp({ words, values, flags }: Call): void {
  const [recipe = "", chosen] = words;
  const server = values.get("server") ?? fatal("no server given");
  const domain = values.get("domain") ?? fatal("no domain given");
  if (!servers().includes(server)) fatal(`no server named ${server}`);
  const folder = recipeFolder(recipe);
  const version = chosen ?? releases(folder)[0] ?? null;
  if (version !== null) checkOut(recipe, folder, version);
  readCompose([join(folder, "compose.yml")]);
  const path = abraFolder("servers", server, `${domain}.env`);
  if (existsSync(path)) fatal(`${path} already exists?`);
  const type = version === null ? recipe : `${recipe}:${version}`;
  const text = readSample(recipe, folder)
    .replace(/^TYPE=.*$/m, `TYPE=${type}`)
    .replaceAll(`${recipe}.example.com`, domain);
  mkdirSync(abraFolder("servers", server), { recursive: true });
  writeFileSync(path, text, { mode: 0o664 });
  if (flags.has("secrets")) generateMissing(findApp(domain));
  info(`new app '${recipe}' created: ${domain}`);
}

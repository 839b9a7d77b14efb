import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { docker, lines } from "./docker.ts";
import { readEnvFile, readExports, type Variable } from "./env-file.ts";
import { fatal } from "./fatal.ts";
import { recipeFolder } from "./recipe.ts";

export interface AbraApp {
  domain: string;
  server: string;
  recipe: string;
  /** What stands after the `:` of `TYPE`. */
  version: string | null;
  stack: string;
  envFile: string;
  folder: string;
  variables: Map<string, Variable>;
}

export function abraFolder(...names: string[]): string {
  return join(process.env.ABRA_DIR ?? "", ...names);
}

export function servers(): string[] {
  const folder = abraFolder("servers");
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** Stack name: the domain with `.` as `_`, cut to 45 characters. */
export function stackOf(domain: string): string {
  return domain.replaceAll(".", "_").slice(0, 45);
}

/** The app of a domain, from whichever server holds its env file. */
export function findApp(domain: string): AbraApp {
  const server = servers().find((name) => existsSync(abraFolder("servers", name, `${domain}.env`)));
  if (server === undefined) return fatal(`cannot find app with name '${domain}'`);
  const envFile = abraFolder("servers", server, `${domain}.env`);
  const variables = readEnvFile(envFile);
  const [recipe, version] = (variables.get("TYPE")?.value ?? "").split(/:(.*)/s);
  if (!recipe) return fatal(`${domain} has no TYPE`);
  const folder = recipeFolder(recipe);
  return {
    domain,
    server,
    recipe,
    version: version ?? null,
    stack: stackOf(domain),
    envFile,
    folder,
    variables,
  };
}

/** What fills the compose file: the env file, `abra.sh` and the stack's name. */
export function environmentOf(app: AbraApp): Record<string, string> {
  return {
    ...Object.fromEntries([...app.variables].map(([name, { value }]) => [name, value])),
    ...Object.fromEntries(readExports(join(app.folder, "abra.sh"))),
    STACK_NAME: app.stack,
  };
}

/** Keeps the version in the env file: `TYPE=recipe:version`. */
export function writeVersion(app: AbraApp, version: string): void {
  const text = readFileSync(app.envFile, "utf8");
  writeFileSync(app.envFile, text.replace(/^TYPE=.*$/m, `TYPE=${app.recipe}:${version}`));
}

export interface Deployed {
  version: string;
  chaos: string;
  chaosVersion: string;
}

/** What the labels of the running stack say; null where nothing of it is deployed. */
export function deployedVersion(app: Pick<AbraApp, "server" | "stack">): Deployed | null {
  const services = lines(
    docker(app.server, [
      "service",
      "ls",
      "--quiet",
      "--filter",
      `label=com.docker.stack.namespace=${app.stack}`,
    ]),
  );
  if (services.length === 0) return null;
  const inspected = JSON.parse(docker(app.server, ["service", "inspect", ...services])) as {
    Spec: { Labels: Record<string, string> };
  }[];
  const labels = Object.assign({}, ...inspected.map(({ Spec }) => Spec.Labels)) as Record<string, string>;
  const label = (name: string) => labels[`coop-cloud.${app.stack}.${name}`] ?? "unknown";
  return { version: label("version"), chaos: label("chaos"), chaosVersion: label("chaos-version") };
}

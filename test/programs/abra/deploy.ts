import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareVersions, parseVersion } from "../../../src/core/version.ts";
import { type AbraApp, type Deployed, deployedVersion, environmentOf, findApp, writeVersion } from "./app.ts";
import type { Call } from "./arguments.ts";
import { composePaths, externalSecrets, labelMap, readCompose } from "./compose.ts";
import { docker, lines } from "./docker.ts";
import { Fatal, fatal, info } from "./fatal.ts";
import { checkOut, git, lintForErrors, refuseDirtyTree, releases, shortCommit } from "./recipe.ts";

const CONVERGE_SECONDS = 50;

export function deployApp({ words, flags }: Call): void {
  const app = findApp(words[0] ?? "");
  const chaos = flags.has("chaos");
  const version = words[1] ?? app.version ?? releases(app.folder)[0] ?? shortCommit(app.folder);
  if (!chaos) prepareTree(app, version, flags);
  if (deployedVersion(app) !== null && !chaos && !flags.has("force"))
    fatal(`${app.domain} is already deployed`);
  deployStack(app, version, chaos, flags);
}

export function upgradeApp({ words, flags }: Call): void {
  const app = findApp(words[0] ?? "");
  const deployed = deployedVersion(app);
  if (deployed === null) throw new Fatal(`${app.domain} is not deployed`);
  const version = words[1] ?? releases(app.folder)[0] ?? fatal(`${app.recipe} has no releases`);
  if (!flags.has("force") && !isNewer(version, deployed))
    fatal(`no available upgrades, ${deployed.version} is not older than ${version}`);
  prepareTree(app, version, flags);
  deployStack(app, version, false, flags);
}

function isNewer(version: string, deployed: Deployed): boolean {
  const [to, from] = [parseVersion(version), parseVersion(deployed.version)];
  return !("version" in to && "version" in from) || compareVersions(to.version, from.version) > 0;
}

function prepareTree(app: AbraApp, version: string, flags: ReadonlySet<string>): void {
  refuseDirtyTree(app.recipe, app.folder);
  if (!flags.has("offline")) git(app.folder, "fetch", "--quiet", "--tags", "origin");
  checkOut(app.recipe, app.folder, version);
}

function deployStack(app: AbraApp, version: string, chaos: boolean, flags: ReadonlySet<string>): void {
  lintForErrors(app.recipe, app.folder);
  for (const [name, inDocker] of externalSecrets(app)) refuseMissingSecret(app, name, inDocker);
  const files = [...composePaths(app), writeOverride(app, chaos ? null : version)];
  const args = [
    "stack",
    "deploy",
    "--resolve-image",
    "never",
    ...files.flatMap((file) => ["--compose-file", file]),
  ];
  process.stdout.write(`${docker(app.server, [...args, app.stack], { env: environmentOf(app) })}\n`);
  if (!chaos) writeVersion(app, version);
  if (!flags.has("no-converge-checks")) waitForConvergence(app);
  info(`${app.domain} deployed`);
}

function refuseMissingSecret(app: AbraApp, name: string, inDocker: string): void {
  const found = lines(
    docker(app.server, ["secret", "ls", "--format", "{{.Name}}", "--filter", `name=${inDocker}`]),
  );
  if (!found.includes(inDocker)) fatal(`secret not generated: ${name}`);
}

// What abra adds to the service named `app`: its labels, and the whole env file as environment.
function writeOverride(app: AbraApp, version: string | null): string {
  const files = readCompose(composePaths(app));
  if (!files.some((file) => file.services?.app !== undefined))
    fatal(`${app.recipe} has no service named app`);
  const own = files.flatMap(({ services }) => Object.keys(labelMap(services?.app?.environment as string[])));
  const environment = Object.fromEntries(
    Object.entries(environmentOf(app))
      .filter(([name]) => !own.includes(name))
      .map(([name, value]) => [name, doubleDollars(value)]),
  );
  const override = {
    version: files[0]?.version ?? "3.8",
    services: { app: { environment, deploy: { labels: abraLabels(app, version) } } },
  };
  const path = join(process.env.ABRA_DIR ?? tmpdir(), `.${app.stack}.override.json`);
  writeFileSync(path, JSON.stringify(override), { mode: 0o600 });
  return path;
}

function abraLabels(app: AbraApp, version: string | null): Record<string, string> {
  const label = (name: string, value: string) => [`coop-cloud.${app.stack}.${name}`, doubleDollars(value)];
  return Object.fromEntries([
    label("recipe", app.recipe),
    label("chaos", String(version === null)),
    label("timeout", app.variables.get("TIMEOUT")?.value ?? String(CONVERGE_SECONDS)),
    ...(version === null ? [label("chaos-version", chaosVersion(app))] : [label("version", version)]),
  ]);
}

function chaosVersion(app: AbraApp): string {
  const isDirty = git(app.folder, "status", "--porcelain") !== "";
  return `${shortCommit(app.folder)}${isDirty ? "+U" : ""}`;
}

function doubleDollars(value: string): string {
  return value.replaceAll("$", "$$$$");
}

// A FATA here does not mean that nothing runs.
function waitForConvergence(app: AbraApp): void {
  for (let second = 0; second < CONVERGE_SECONDS; second++) {
    const args = [
      "service",
      "ls",
      "--format",
      "{{.Replicas}}",
      "--filter",
      `label=com.docker.stack.namespace=${app.stack}`,
    ];
    const replicas = lines(docker(app.server, args)).map((text) => text.split(" ")[0]?.split("/") ?? []);
    if (replicas.every(([running, desired]) => running === desired)) return;
    spawnSync("sleep", ["1"]);
  }
  fatal(`timed out after ${CONVERGE_SECONDS}s: ${app.domain} did not converge`);
}

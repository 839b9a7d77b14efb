import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { type AbraApp, abraFolder, deployedVersion, findApp, servers } from "./app.ts";
import type { Call } from "./arguments.ts";
import { docker, lines, tryDocker } from "./docker.ts";
import { fatal, info } from "./fatal.ts";
import { removeSecrets } from "./secrets.ts";

export function addServer({ flags }: Call): void {
  if (!flags.has("local")) fatal("only --local is known here");
  mkdirSync(abraFolder("servers", "default"), { recursive: true });
  info("default added");
}

export function listServers({ flags }: Call): void {
  const rows = servers().map((name) => ({ name, host: name === "default" ? "local" : name }));
  process.stdout.write(
    flags.has("machine") ? `${JSON.stringify(rows)}\n` : rows.map((row) => `${row.name}\n`).join(""),
  );
}

/** An object by server; every field of an app is a string. */
export function listApps({ flags }: Call): void {
  const all = Object.fromEntries(
    servers().map((server) => [server, describeServer(server, flags.has("status"))]),
  );
  process.stdout.write(`${JSON.stringify(all, null, flags.has("machine") ? 0 : 2)}\n`);
}

function describeServer(server: string, withStatus: boolean): unknown {
  const folder = abraFolder("servers", server);
  const domains = readdirSync(folder).flatMap((name) => (name.endsWith(".env") ? [name.slice(0, -4)] : []));
  const apps = domains.map((domain) => describeApp(findApp(domain), withStatus));
  return { apps, appCount: String(apps.length) };
}

function describeApp(app: AbraApp, withStatus: boolean): Record<string, string> {
  const deployed = withStatus ? deployedVersion(app) : null;
  return {
    server: app.server,
    recipe: app.recipe,
    appName: app.domain,
    domain: app.domain,
    status: withStatus ? (deployed === null ? "unknown" : "deployed") : "",
    version: deployed?.version ?? "unknown",
    chaos: deployed?.chaos ?? "unknown",
    chaosVersion: deployed?.chaosVersion ?? "unknown",
  };
}

export function listProcesses({ words }: Call): void {
  const app = findApp(words[0] ?? "");
  if (deployedVersion(app) === null) fatal(`${app.domain} is not deployed`);
  const args = ["service", "ls", "--format", "{{.Name}} {{.Replicas}} {{.Image}}", "--filter"];
  const services = lines(docker(app.server, [...args, `label=com.docker.stack.namespace=${app.stack}`]));
  const rows = services
    .map((line) => line.split(" "))
    .map(([name, replicas, image]) => [name, { service: name, status: replicas, image }]);
  process.stdout.write(`${JSON.stringify(Object.fromEntries(rows))}\n`);
}

/** Returns before everything is gone; volumes and secrets stay. */
export function undeployApp({ words }: Call): void {
  const app = findApp(words[0] ?? "");
  if (deployedVersion(app) === null) fatal(`${app.domain} is not deployed`);
  docker(app.server, ["stack", "rm", app.stack]);
  info(`${app.domain} undeployed`);
}

export function volumesOf(app: Pick<AbraApp, "server" | "stack">): string[] {
  const filter = `label=com.docker.stack.namespace=${app.stack}`;
  return lines(docker(app.server, ["volume", "ls", "--quiet", "--filter", filter]));
}

export function listVolumes({ words }: Call): void {
  for (const name of volumesOf(findApp(words[0] ?? ""))) process.stdout.write(`${name}\n`);
}

/** Fails while a container, even one that has ended, still refers to a volume. */
export function removeVolumes({ words, flags }: Call): void {
  const app = findApp(words[0] ?? "");
  if (!flags.has("force")) fatal("no input: use --force");
  if (deployedVersion(app) !== null) fatal(`${app.domain} is still deployed`);
  for (const name of volumesOf(app)) {
    const result = tryDocker(app.server, ["volume", "rm", name]);
    if (result.status !== 0) fatal(`removing volumes failed: ${result.stderr.trim()}`);
  }
}

/** Removes secrets, volumes and the env file; refuses while the app is deployed. */
export function removeApp(call: Call): void {
  const app = findApp(call.words[0] ?? "");
  if (!call.flags.has("force")) fatal("no input: use --force");
  if (deployedVersion(app) !== null)
    fatal(`${app.domain} is still deployed. Run "abra app undeploy ${app.domain}"`);
  removeSecrets({ ...call, flags: new Set([...call.flags, "all"]) });
  removeVolumes(call);
  if (existsSync(app.envFile)) rmSync(app.envFile);
}

export function containerOf(app: Pick<AbraApp, "server" | "stack">, service: string): string {
  const filter = `label=com.docker.swarm.service.name=${app.stack}_${service}`;
  const found = lines(docker(app.server, ["ps", "--quiet", "--filter", filter]));
  return found[0] ?? fatal(`no containers matching the ${app.stack}_${service} filter found`);
}

export function runInService({ words, passed }: Call): void {
  const app = findApp(words[0] ?? "");
  const result = tryDocker(app.server, ["exec", containerOf(app, words[1] ?? ""), ...passed]);
  process.stdout.write(result.stdout + result.stderr);
  if (result.status !== 0) fatal(`exit status ${result.status}`);
}

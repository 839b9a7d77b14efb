import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { type AbraApp, abraFolder, deployedVersion, findApp } from "./app.ts";
import type { Call } from "./arguments.ts";
import { docker, lines, tryDocker } from "./docker.ts";
import { fatal, info } from "./fatal.ts";
import { containerOf, volumesOf } from "./listing.ts";

interface Service {
  name: string;
  labels: Record<string, string>;
}

interface Snapshot {
  short_id: string;
  time: string;
}

/**
 * There is no backup-bot where this stands in, so it does that work itself: restic, its store in `ABRA_DIR`,
 * the hooks in the services' running containers.
 */
export function createBackup({ words }: Call): void {
  needTerminal();
  const app = deployedApp(words[0] ?? "");
  const services = backedUpServices(app);
  for (const service of services) runHook(app, service, "backupbot.backup.pre-hook");
  const folders = services.flatMap((service) => foldersOf(app, service));
  if (folders.length > 0) restic("backup", "--quiet", "--tag", app.domain, ...folders);
  for (const service of services) runHook(app, service, "backupbot.backup.post-hook");
  process.stdout.write("backup finished\n");
}

export function listSnapshots({ words }: Call): void {
  needTerminal();
  for (const { time, short_id } of snapshotsOf(findApp(words[0] ?? "")))
    process.stdout.write(`${time.slice(0, 19)} ${short_id}\n`);
}

export function listBackup({ words, values }: Call): void {
  needTerminal();
  const app = findApp(words[0] ?? "");
  process.stdout.write(restic("ls", "--quiet", chosenSnapshot(app, values.get("snapshot"))));
}

export function restoreBackup({ words, values }: Call): void {
  needTerminal();
  const app = deployedApp(words[0] ?? "");
  const snapshot = chosenSnapshot(app, values.get("snapshot"));
  const services = backedUpServices(app);
  for (const service of services) runHook(app, service, "backupbot.restore.pre-hook");
  restic("restore", "--quiet", "--target", "/", snapshot);
  for (const service of services) runHook(app, service, "backupbot.restore.post-hook");
  process.stdout.write("restore finished\n");
}

function needTerminal(): void {
  if (!process.stdout.isTTY) fatal("the input device is not a TTY");
}

function deployedApp(domain: string): AbraApp {
  const app = findApp(domain);
  if (deployedVersion(app) === null) fatal(`${domain} is not deployed`);
  return app;
}

function backedUpServices(app: AbraApp): Service[] {
  const filter = `label=com.docker.stack.namespace=${app.stack}`;
  const ids = lines(docker(app.server, ["service", "ls", "--quiet", "--filter", filter]));
  const inspected = JSON.parse(docker(app.server, ["service", "inspect", ...ids])) as {
    Spec: { Name: string; Labels: Record<string, string> };
  }[];
  return inspected
    .map(({ Spec }) => ({ name: Spec.Name.slice(app.stack.length + 1), labels: Spec.Labels }))
    .filter(({ labels }) => labels["backupbot.backup"] === "true");
}

// Whole volumes, or only the paths that the labels name; a volume set to `false` is left out.
function foldersOf(app: AbraApp, service: Service): string[] {
  const container = containerOf(app, service.name);
  const mounts = JSON.parse(docker(app.server, ["inspect", "--format", "{{json .Mounts}}", container])) as {
    Type: string;
    Name?: string;
    Source: string;
  }[];
  const own = new Set(volumesOf(app));
  return mounts
    .filter(({ Type, Name = "" }) => Type === "volume" && own.has(Name))
    .flatMap(({ Name = "", Source }) => {
      const prefix = `backupbot.backup.volumes.${Name.slice(app.stack.length + 1)}`;
      if (service.labels[prefix] === "false") return [];
      const paths = service.labels[`${prefix}.path`];
      return paths === undefined ? [Source] : paths.split(",").map((path) => `${Source}/${path.trim()}`);
    })
    .filter((path) => existsSync(path));
}

function runHook(app: AbraApp, service: Service, label: string): void {
  const hook = service.labels[label];
  if (hook === undefined) return;
  const result = tryDocker(app.server, ["exec", containerOf(app, service.name), "sh", "-c", hook]);
  process.stdout.write(result.stdout + result.stderr);
  if (result.status !== 0) fatal(`${label} of ${service.name} failed: exit status ${result.status}`);
  info(`${label} of ${service.name} done`);
}

function snapshotsOf(app: AbraApp): Snapshot[] {
  return JSON.parse(restic("snapshots", "--json", "--tag", app.domain)) as Snapshot[];
}

function chosenSnapshot(app: AbraApp, asked: string | undefined): string {
  const all = snapshotsOf(app);
  const found = asked === undefined ? all.at(-1) : all.find(({ short_id }) => asked.startsWith(short_id));
  return found?.short_id ?? fatal(`no snapshot ${asked ?? "latest"} of ${app.domain}`);
}

function restic(...args: string[]): string {
  const repository = abraFolder("backups");
  const options = ["--repo", repository, "--password-file", abraFolder("backups.password"), "--no-cache"];
  if (!existsSync(repository)) {
    mkdirSync(repository, { recursive: true });
    writeFileSync(abraFolder("backups.password"), "stand-in\n", { mode: 0o600 });
    spawnSync("restic", [...options, "init"], { encoding: "utf8" });
  }
  const result = spawnSync("restic", [...options, ...args], { encoding: "utf8" });
  if (result.status !== 0) fatal(`restic: ${(result.stderr ?? "").trim() || result.error?.message}`);
  return result.stdout;
}

import { labelsOf } from "../../compose/compose.ts";
import { permissionsOf } from "../../compose/permissions.ts";
import type { App, Source } from "../../core/app.ts";
import { createRedactor } from "../../core/secrets/redactor.ts";
import { collectEvidence } from "../../docker/evidence.ts";
import { attempt } from "../../docker/failure.ts";
import { takeInventory } from "../../docker/inventory.ts";
import { isStackDeployed } from "../../docker/removal.ts";
import type { Driver } from "../driver.ts";
import { readAppFiles } from "../recipe-files/app-files.ts";
import { wantsBackup } from "../recipe-files/backup-plan.ts";
import { expandEntries, parseEnvFile } from "../recipe-files/env-file.ts";
import { readRunning } from "../recipe-files/read-back.ts";
import { readRelease } from "../recipe-files/release.ts";
import { backUpApp, restoreApp } from "./backup.ts";
import {
  copyAppData,
  listVolumes,
  namesOfSecretsAndConfigs,
  putSnapshotBack,
  removeOtherSecrets,
  syncAppData,
  takeSnapshot,
} from "./data.ts";
import { deployRelease } from "./deploy.ts";
import { findStale, removeOwnStack, removeStale, undeployApp } from "./leftovers.ts";
import { type AppSite, dockerOf, type SwarmDriverOptions, siteOf } from "./swarm-app.ts";

/**
 * Deploys apps with plain `docker stack`, filled in as abra does. All its objects carry our labels, and only objects
 * with them are ever removed.
 */
export function createSwarmDriver(options: SwarmDriverOptions): Driver {
  const docker = (app: App) => siteOf(options, app).docker;
  return {
    name: "swarm",
    declaresBackups: (app, source) => declaresBackups(app, source),
    permissionsNeeded: (app, source) =>
      attempt("plan", async () => permissionsOf(readRelease(app, source).compose, app)),
    deploy: (app, source, _base, step) => attempt("deploy", () => deployRelease(options, app, source, step)),
    url: async () => ({ ok: true, value: null }),
    running: (app, _source, step) => attempt("read back", () => readRunning(docker(app), app, step)),
    isDeployed: (app, step) => attempt("look", () => isStackDeployed(docker(app), app.stack, step)),
    undeploy: (app, _source, step) => attempt("undeploy", () => undeployApp(docker(app), app, step)),
    remove: (app, step) =>
      attempt("remove", async () => {
        await removeOwnStack(docker(app), app.stack, app.owner, step);
      }),
    inventory: (app, _source, step) =>
      attempt("inventory", () => takeInventory(docker(app), app.stack, app.owner, step)),
    ...dataMethods((app) => siteOf(options, app)),
    collectEvidence: async (app, _source, folder, step) => {
      const collect = () => collectEvidence(docker(app), app.stack, folder, step, hiding(app));
      const states = await attempt("evidence", collect);
      return states.ok ? states.value : [];
    },
    removeLeftovers: (lane, owner, live, step) =>
      attempt("clean up", () => removeStale(dockerOf(options, lane, null), owner, live, step)),
    findLeftovers: (lane, owner, live, step) =>
      attempt("look", () => findStale(dockerOf(options, lane, null), owner, live, step)),
  };
}

type DataMethods = Pick<
  Driver,
  | "volumes"
  | "kept"
  | "secretsAndConfigs"
  | "removeSecretsExcept"
  | "snapshot"
  | "restoreSnapshot"
  | "copyData"
  | "syncData"
  | "backup"
  | "restore"
>;

function dataMethods(site: (app: App) => AppSite): DataMethods {
  return {
    volumes: (app, step) => attempt("look", () => listVolumes(site(app), step)),
    kept: (app) => attempt("look", async () => readAppFiles(app)),
    secretsAndConfigs: (app, step) => attempt("look", () => namesOfSecretsAndConfigs(site(app), step)),
    removeSecretsExcept: (app, names, step) =>
      attempt("remove secrets", () => removeOtherSecrets(site(app), names, step)),
    snapshot: (app, into, step) => attempt("snapshot", () => takeSnapshot(site(app), into, step)),
    restoreSnapshot: (app, from, step) =>
      attempt("restore snapshot", () => putSnapshotBack(site(app), from, step)),
    copyData: (from, to, step) => attempt("copy data", () => copyAppData(site(from), site(to), step)),
    syncData: (app, step) => attempt("sync", () => syncAppData(site(app), step)),
    backup: (app, _source, into, step) =>
      attempt("backup", () => backUpApp(site(app).volumes, app, into, step)),
    restore: (app, _source, from, id, step) =>
      attempt("restore", () => restoreApp(site(app).volumes, app, from, id, step)),
  };
}

async function declaresBackups(app: App, source: Source) {
  const read = await attempt("plan", async () => readRelease(app, source));
  if (!read.ok) return { declared: false as const, reason: read.failure.message };
  const services = Object.values(read.value.compose.services);
  if (services.some((service) => wantsBackup(labelsOf(service)))) return { declared: true as const };
  const reason = "no service of the release has the label backupbot.backup=true";
  return { declared: false as const, reason };
}

/** Removes an app's secrets from a text: container logs reach the disk only through this. */
function hiding(app: App): (text: string) => string {
  const redactor = createRedactor();
  const { env, secrets } = readAppFiles(app);
  const variables = Object.entries(expandEntries(parseEnvFile(env ?? ""), {}));
  const telling = variables.filter(
    ([name]) => /secret|password|token|key/i.test(name) && !/_VERSION$/.test(name),
  );
  for (const value of [...Object.values(secrets), ...telling.map(([, value]) => value)]) redactor.add(value);
  return (text) => redactor.redact(text);
}

import type { App } from "../../core/app.ts";
import { collectEvidence } from "../../docker/evidence.ts";
import { attempt } from "../../docker/failure.ts";
import { nameOf } from "../../docker/objects.ts";
import { isStackDeployed } from "../../docker/removal.ts";
import type { Driver } from "../driver.ts";
import { type AbraOptions, dockerOf } from "./abra-options.ts";
import { backUp, restoreBackup } from "./backup.ts";
import { copyData, syncData, volumesOf, volumeTools } from "./data.ts";
import { deployApp } from "./deploy.ts";
import { keptOf, removeSecretsExcept, secretsAndConfigsOf } from "./kept.ts";
import { findStale, removeStale } from "./leftovers.ts";
import { readOwned } from "./ownership.ts";
import { permissionsForAbra } from "./permissions.ts";
import { readWhatRuns } from "./read-back.ts";
import { readBackupDeclaration, readReleaseFor } from "./release.ts";
import { knownValues } from "./secrets.ts";
import { putSnapshotBack, takeSnapshot } from "./snapshot.ts";
import { removeApp, undeployApp } from "./undeploy.ts";

/**
 * The driver for users of abra. Each act on an app is one call of abra; anything that abra does not report, or reports
 * too early, is read back from Docker. abra's objects carry no labels of ours, so a ledger lists those that are ours.
 */
export function createAbraDriver(options: AbraOptions): Driver {
  const docker = (app: Pick<App, "lane">) => dockerOf(options, app);
  return {
    name: "abra",
    declaresBackups: async (app, source) => {
      const read = await attempt("read", async () => readBackupDeclaration(app, source));
      return read.ok ? read.value : { declared: false, reason: read.failure.message };
    },
    permissionsNeeded: (app, source) =>
      attempt("permissions", async () => permissionsForAbra(readReleaseFor(app, source), app)),
    deploy: (app, source, base, step) => attempt("deploy", () => deployApp(options, app, source, base, step)),
    url: async () => ({ ok: true, value: null }),
    running: (app, source, step) => attempt("read-back", () => readWhatRuns(docker(app), app, source, step)),
    isDeployed: (app, step) => attempt("look", () => isStackDeployed(docker(app), app.stack, step)),
    undeploy: (app, _source, step) => attempt("undeploy", () => undeployApp(options, app, step)),
    remove: (app, step) => attempt("remove", () => removeApp(options, app, step)),
    inventory: (app, _source, step) =>
      attempt("inventory", async () => {
        const { ours, foreign } = await readOwned(options, docker(app), app, step);
        return { ours: ours.map(nameOf).sort(), foreign: foreign.map(nameOf).sort() };
      }),
    volumes: (app, step) => attempt("volumes", () => volumesOf(options, app, step)),
    kept: (app, step) => attempt("kept", () => keptOf(options, app, step)),
    secretsAndConfigs: (app, step) => attempt("look", () => secretsAndConfigsOf(options, app, step)),
    removeSecretsExcept: (app, names, step) =>
      attempt("remove", () => removeSecretsExcept(options, app, names, step)),
    snapshot: (app, into, step) =>
      attempt("snapshot", () => takeSnapshot(options, volumeTools(options, app), app, into, step)),
    restoreSnapshot: (app, from, step) =>
      attempt("restore-snapshot", () => putSnapshotBack(options, volumeTools(options, app), app, from, step)),
    copyData: (from, to, step) => attempt("copy", () => copyData(options, from, to, step)),
    syncData: (app, step) => attempt("sync", () => syncData(options, app, step)),
    backup: (app, _source, into, step) => attempt("backup", () => backUp(options, app, into, step)),
    restore: (app, _source, _from, id, step) =>
      attempt("restore", () => restoreBackup(options, app, id, step)),
    collectEvidence: async (app, _source, folder, step) => {
      const hide = (text: string) => withoutSecrets(text, Object.values(knownValues(app)));
      return collectEvidence(docker(app), app.stack, folder, step, hide);
    },
    removeLeftovers: (lane, owner, live, step) =>
      attempt("leftovers", () => removeStale({ options, lane, owner, live, step })),
    findLeftovers: (lane, owner, live, step) =>
      attempt("look", () => findStale({ options, lane, owner, live, step })),
  };
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.filter(Boolean).reduce((clean, secret) => clean.replaceAll(secret, "***"), text);
}

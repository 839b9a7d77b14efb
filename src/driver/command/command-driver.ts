import type { Step } from "../../command/step.ts";
import { type ActResult, DONE, failed, succeed } from "../../core/act.ts";
import type { App } from "../../core/app.ts";
import type { Running } from "../../core/read-back.ts";
import { ensureFolder } from "../../state/files.ts";
import { emptyFolder, measureTree } from "../../state/trees/tree.ts";
import type { Driver } from "../driver.ts";
import type { Act, CommandDriverOptions } from "./command-app.ts";
import { copyDataOf, restoreData, snapshotData, syncFolderOf, volumesOf } from "./data.ts";
import { noteDeploy, readDeploy } from "./deployed-note.ts";
import { collectLog } from "./evidence.ts";
import { failureOf, onDisk } from "./failure.ts";
import { inventoryOf } from "./inventory.ts";
import { formatVariables, variablesOf } from "./kept-env.ts";
import { findLeftoversBelow, removeLeftoversBelow } from "./leftovers.ts";
import { askUrl, askVersion, isUp, lookAt } from "./look.ts";
import { removeApp } from "./remove.ts";
import { type Call, runLine } from "./run-line.ts";
import { undeployApp } from "./undeploy.ts";

/**
 * The driver for operators with their own deployer: each act is one of their commands (contract of `driver: command`).
 * Their claims are read back: by `version`, by the processes with the environment of the commands, and by the listener
 * at the app's URL.
 */
export function createCommandDriver(options: CommandDriverOptions): Driver {
  const { tools } = options;
  const urls = new Map<string, string>();
  const run = (name: RequiredCommand, call: Omit<Call, "options">) =>
    runRequired(name, { options, url: urls.get(call.app.domain) ?? null, ...call });
  return {
    name: "command",
    declaresBackups: async (app) => declaredBackups(options, app),
    permissionsNeeded: async () => succeed([]),
    deploy: async (app, source, base, step) => {
      urls.delete(app.domain);
      return onDisk("deploy", async () => {
        readDeploy(options.stateRoot, app.domain);
        ensureFolder(app.data);
        noteDeploy(options.stateRoot, app, source);
        return run("deploy", { app, source, base: base?.version ?? null, step });
      });
    },
    url: async (app, source, step) => {
      const url = await askUrl({ options, app, source, step });
      if (url.ok && url.value !== null) urls.set(app.domain, url.value);
      else urls.delete(app.domain);
      return url;
    },
    running: (app, source, step) => readBack({ options, app, source, step }),
    isDeployed: (app, step) => onDisk("look", () => isDeployed(options, app, step)),
    undeploy: (app, source, step) => onDisk("undeploy", () => undeployApp({ options, app, source, step })),
    remove: (app, step) => onDisk("remove", () => removeApp({ options, app, step })),
    inventory: (app, source, step) => inventoryOf({ options, app, source, step }),
    volumes: (app) => onDisk("volumes", () => volumesOf(app)),
    kept: async (app) => {
      const variables = variablesOf(app);
      const env = Object.keys(variables).length === 0 ? null : formatVariables(variables);
      return succeed({ env, secrets: {} });
    },
    secretsAndConfigs: async () => succeed({ secrets: [], configs: [] }),
    removeSecretsExcept: async () => DONE,
    snapshot: (app, into, step) => onDisk("snapshot", () => snapshotData(tools, app, into, step)),
    restoreSnapshot: (app, from, step) => onDisk("restore", () => restoreData(tools, app, from, step)),
    copyData: (from, to, step) => onDisk("copy-data", () => copyDataOf(tools, from, to, step)),
    syncData: (app, step) => onDisk("sync", () => syncFolderOf(tools, app.data, step)),
    backup: (app, source, into, step) =>
      onDisk("backup", async () => {
        emptyFolder(into);
        const done = await run("backup", { app, source, backup: into, step });
        if (!done.ok) return done;
        const { files, bytes } = await measureTree(into);
        return succeed({ files, bytes, id: "folder" });
      }),
    restore: (app, source, from, _id, step) =>
      onDisk("restore", () => run("restore", { app, source, backup: from, step })),
    collectEvidence: (app, source, folder, step) => collectLog({ options, app, source, step }, folder),
    removeLeftovers: (_lane, _owner, live, step) =>
      onDisk("recover", () => removeLeftoversBelow(options, live, step)),
    findLeftovers: (_lane, _owner, live) =>
      onDisk("look", async () => succeed(findLeftoversBelow(options, live))),
  };
}

async function isDeployed(options: CommandDriverOptions, app: App, step: Step): Promise<ActResult<boolean>> {
  const source = readDeploy(options.stateRoot, app.domain)?.source ?? null;
  const seen = await lookAt({ options, app, source, step });
  return seen.ok ? succeed(isUp(seen.value)) : seen;
}

type RequiredCommand = "deploy" | "backup" | "restore";

async function runRequired(name: RequiredCommand, call: Call): Promise<ActResult> {
  const result = await runLine(name, call);
  if (result === null)
    return failed({ cause: "refused", step: name, message: `no \`commands: ${name}\` is configured` });
  return result.ok ? DONE : failed(failureOf(result, name, call.step));
}

function declaredBackups(
  options: CommandDriverOptions,
  app: App,
): { declared: true } | { declared: false; reason: string } {
  const commands = options.recipe(app.recipe)?.commands;
  if (commands?.backup !== undefined && commands.restore !== undefined) return { declared: true };
  return { declared: false, reason: "`commands` has no `backup` and `restore`" };
}

async function readBack(act: Act): Promise<ActResult<Running>> {
  const version = await askVersion(act);
  return version.ok ? succeed({ ...version.value, images: [] }) : version;
}

import { type Call, parseArguments } from "./arguments.ts";
import { createBackup, listBackup, listSnapshots, restoreBackup } from "./backup.ts";
import { deployApp, upgradeApp } from "./deploy.ts";
import { Fatal, fatal } from "./fatal.ts";
import {
  addServer,
  listApps,
  listProcesses,
  listServers,
  listVolumes,
  removeApp,
  removeVolumes,
  runInService,
  undeployApp,
} from "./listing.ts";
import { newApp } from "./new-app.ts";
import { lintForErrors, recipeFolder } from "./recipe.ts";
import { generateSecrets, insertSecret, removeSecrets } from "./secrets.ts";

const ACTIONS: Record<string, (call: Call) => void> = {
  "server add": addServer,
  "server ls": listServers,
  "recipe lint": ({ words }) => lintForErrors(words[0] ?? "", recipeFolder(words[0] ?? "")),
  "app new": newApp,
  "app secret generate": generateSecrets,
  "app secret insert": insertSecret,
  "app secret rm": removeSecrets,
  "app deploy": deployApp,
  "app upgrade": upgradeApp,
  "app undeploy": undeployApp,
  "app ps": listProcesses,
  "app ls": listApps,
  "app volume ls": listVolumes,
  "app volume rm": removeVolumes,
  "app backup create": createBackup,
  "app backup list": listBackup,
  "app backup snapshots": listSnapshots,
  "app restore": restoreBackup,
  "app run": runInService,
  "app rm": removeApp,
};

try {
  const argv = process.argv.slice(2);
  if (argv.length === 1 && argv[0] === "--version")
    process.stdout.write("abra version 0.13.0-beta-stand-in\n");
  else run(argv);
} catch (error) {
  if (!(error instanceof Fatal)) throw error;
  process.stdout.write(`FATA ${error.message}\n`);
  process.exitCode = 1;
}

function run(argv: readonly string[]): void {
  if (!process.env.ABRA_DIR) fatal("this stand-in never touches ~/.abra: set ABRA_DIR");
  const call = parseArguments(argv);
  ACTIONS[call.command]?.(call);
}

import { resolve, sep } from "node:path";
import type { Step } from "../../command/step.ts";
import { type ActResult, DONE, failed } from "../../core/act.ts";
import { removeTree } from "../../state/files.ts";
import { removeForGood } from "../../state/folders.ts";
import type { CommandApp, CommandDriverOptions } from "./command-app.ts";
import { undeployApp } from "./undeploy.ts";

/** Stops the app and deletes its folders, which must lie below the state folder. */
export async function removeApp(
  options: CommandDriverOptions,
  app: CommandApp,
  step: Step,
): Promise<ActResult> {
  const foreign = [app.data, app.scratch].find((path) => !resolve(path).startsWith(options.stateRoot + sep));
  if (foreign !== undefined)
    return failed({ cause: "refused", step: "remove", message: `${foreign} is not below the state folder` });
  const undeployed = await undeployApp(options, app, null, step);
  if (!undeployed.ok) return undeployed;
  removeForGood(app.data);
  removeTree(app.scratch);
  return DONE;
}

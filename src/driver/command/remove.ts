import { resolve, sep } from "node:path";
import { type ActResult, DONE, failed } from "../../core/act.ts";
import { removeTree } from "../../state/files.ts";
import { removeForGood } from "../../state/folders.ts";
import type { Act } from "./command-app.ts";
import { undeployApp } from "./undeploy.ts";

/** Stops the app and deletes its folders, which must lie below the state folder. */
export async function removeApp(act: Omit<Act, "source">): Promise<ActResult> {
  const { options, app } = act;
  const foreign = [app.data, app.scratch].find((path) => !resolve(path).startsWith(options.stateRoot + sep));
  if (foreign !== undefined)
    return failed({ cause: "refused", step: "remove", message: `${foreign} is not below the state folder` });
  const undeployed = await undeployApp({ ...act, source: null });
  if (!undeployed.ok) return undeployed;
  removeForGood(app.data);
  removeTree(app.scratch);
  return DONE;
}

import { basename, dirname, join } from "node:path";
import { Environment } from "../../command/environment.ts";
import type { Step } from "../../command/step.ts";
import type { Toolbox } from "../../command/toolbox.ts";
import { type ActResult, DONE, failed, succeed } from "../../core/act.ts";
import type { Volume } from "../../core/read-back.ts";
import { ensureFolder, exists, listFolder, moveTree, removeTree } from "../../state/files.ts";
import { removeForGood } from "../../state/folders.ts";
import { measureTree } from "../../state/trees/tree.ts";
import type { CommandApp } from "./command-app.ts";
import { failureOf } from "./failure.ts";

/** The app's data folder as its one volume; no volume if the folder is empty. */
export async function volumesOf(app: CommandApp): Promise<ActResult<Volume[]>> {
  if (listFolder(app.data).length === 0) return succeed([]);
  const { bytes, used } = await measureTree(app.data);
  return succeed([{ name: "data", bytes, used }]);
}

/** Copies the data into `into/data`; for an app without data the snapshot is empty. */
export async function snapshotData(
  tools: Toolbox,
  app: CommandApp,
  into: string,
  step: Step,
): Promise<ActResult> {
  removeTree(join(into, "data"));
  if (!exists(app.data)) return DONE;
  return copySynced(tools, app.data, join(into, "data"), step);
}

/**
 * Replaces the data by a snapshot: copied beside it, then swapped by renaming. A kill at any point leaves the old data,
 * the new data, or neither under the real name with the snapshot still complete.
 */
export async function restoreData(
  tools: Toolbox,
  app: CommandApp,
  from: string,
  step: Step,
): Promise<ActResult> {
  const { incoming, outgoing } = beside(app.data);
  removeTree(incoming);
  const kept = join(from, "data");
  if (exists(kept)) {
    const copied = await copySynced(tools, kept, incoming, step);
    if (!copied.ok && !(await copyInstead(tools, app.data, kept, step))) return copied;
  }
  removeTree(outgoing);
  if (exists(app.data)) moveTree(app.data, outgoing);
  if (exists(kept)) moveTree(incoming, app.data);
  removeForGood(outgoing);
  return DONE;
}

// A disk without space for a third copy may have space for a second: this removes the data to be replaced first, as the
// snapshot is complete.
async function copyInstead(tools: Toolbox, givenUp: string, kept: string, step: Step): Promise<boolean> {
  const { incoming, outgoing } = beside(givenUp);
  for (const path of [incoming, outgoing, givenUp]) removeTree(path);
  return (await copySynced(tools, kept, incoming, step)).ok;
}

/** Copies the data of one app to another that has none yet. */
export async function copyDataOf(
  tools: Toolbox,
  from: CommandApp,
  to: CommandApp,
  step: Step,
): Promise<ActResult> {
  if (listFolder(to.data).length > 0)
    return failed({ cause: "refused", step: "copy-data", message: `${to.data} has data already` });
  if (!exists(from.data)) return DONE;
  const { incoming } = beside(to.data);
  removeTree(incoming);
  const copied = await copySynced(tools, from.data, incoming, step);
  if (!copied.ok) return copied;
  removeTree(to.data);
  moveTree(incoming, to.data);
  return DONE;
}

/** Waits until all writes to the file system of the data are on disk. */
export async function syncFolderOf(tools: Toolbox, path: string, step: Step): Promise<ActResult> {
  if (!exists(path)) return DONE;
  return runTool(tools, "sync", ["-f", "--", path], step);
}

// No recipe's name begins with a dot, so these are nobody's data.
function beside(data: string): { incoming: string; outgoing: string } {
  const inFolder = (suffix: string) => join(dirname(data), `.${basename(data)}.${suffix}`);
  return { incoming: inFolder("incoming"), outgoing: inFolder("outgoing") };
}

// `cp` handles hard links, holes, owners and extended attributes, and shares blocks if the disk can.
async function copySynced(tools: Toolbox, from: string, to: string, step: Step): Promise<ActResult> {
  ensureFolder(dirname(to));
  const copied = await runTool(tools, "cp", ["-a", "--reflink=auto", "-T", "--", from, to], step);
  return copied.ok ? syncFolderOf(tools, to, step) : copied;
}

async function runTool(tools: Toolbox, name: string, args: string[], step: Step): Promise<ActResult> {
  const env = Environment.of("copying", tools);
  const result = await step.run({ file: tools.find(name), args, cwd: "/", env });
  if (result.ok) return DONE;
  const failure = failureOf(result, name, step);
  return failed(failure.cause === "recipe" ? { ...failure, cause: "machinery" } : failure);
}

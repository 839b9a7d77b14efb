import type { Step } from "../../command/step.ts";
import type { App } from "../../core/app.ts";
import { demand } from "../../docker/failure.ts";
import { removePulledImage } from "../../docker/images.ts";
import { isOwnedBy } from "../../docker/labels.ts";
import { refuseForeignUse, removeObjects } from "../../docker/removal.ts";
import { removeStack } from "../../docker/stack-removal.ts";
import { exists, removeTree } from "../../state/files.ts";
import { forgetEntry } from "../ledger.ts";
import { ABRA } from "./abra-commands.ts";
import { type AbraOptions, dockerOf } from "./abra-options.ts";
import { firstError } from "./failure.ts";
import { forgetSnapshots } from "./forget-snapshots.ts";
import { homeOf } from "./home.ts";
import { isRunning, readOwned, refuseForeign } from "./ownership.ts";
import { callAbra, outputOf } from "./run-abra.ts";

/** Stops an app and waits until nothing of it runs. What is not ours is refused, and left alone. */
export async function undeployApp(options: AbraOptions, app: App, step: Step): Promise<void> {
  const docker = dockerOf(options, app);
  const { ours, foreign, isOurs } = await readOwned(options, docker, app, step);
  refuseForeign(app, foreign.filter(isRunning));
  if (!ours.some(isRunning)) return;
  // abra returns long before all is gone, and fails where something goes by itself meanwhile: what is left of it
  // is removed here.
  if (ours.some(({ kind }) => kind === "service")) await undeployByAbra(options, app, step);
  await removeStack(docker, app.stack, isOurs, step);
}

/** Removes all that was made for an app, data and secrets included, and then its entry in the ledger. */
export async function removeApp(options: AbraOptions, app: App, step: Step): Promise<void> {
  const docker = dockerOf(options, app);
  await undeployApp(options, app, step);
  const { entry, ours, isOurs } = await readOwned(options, docker, app, step);
  await refuseForeignUse(docker, ours, (user) => isOurs(user) || isOwnedBy(user.labels, app.owner), step);
  await removeObjects(docker, ours, isOurs, step);
  if (entry !== null) await forgetSnapshots(docker, entry, step);
  for (const image of entry?.images ?? []) await removePulledImage(docker, image, step);
  const home = homeOf(app);
  removeTree(home.root);
  removeTree(home.secretValues);
  const left = await readOwned(options, docker, app, step);
  // What is still there stays in the ledger, so that the next run may remove it.
  if (left.ours.length === 0) forgetEntry(options.stateRoot, app);
}

// After a kill there is no env file by which abra would know the app, and a teardown must not depend on abra.
async function undeployByAbra(options: AbraOptions, app: App, step: Step): Promise<void> {
  if (!exists(homeOf(app).envFile)) return;
  const call = { act: "undeploy", args: ABRA.undeploy(app.domain) };
  const result = await callAbra(options, app, call, step);
  if (result.ok) return;
  if (result.timedOut || result.cancelled) demand(result, step);
  step.warn(`abra did not undeploy ${app.domain}: ${firstError(outputOf(result)) ?? "it said nothing"}`);
}

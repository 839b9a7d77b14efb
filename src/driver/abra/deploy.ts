import type { Step } from "../../command/step.ts";
import type { App, Source } from "../../core/app.ts";
import type { Docker } from "../../docker/docker.ts";
import { machineryFailure } from "../../docker/failure.ts";
import { isStackDeployed } from "../../docker/removal.ts";
import { converge } from "../../docker/watch/converge.ts";
import { daemonTime } from "../../docker/watch/events.ts";
import { ensureFolder } from "../../state/files.ts";
import { ABRA } from "./abra-commands.ts";
import { type AbraOptions, dockerOf } from "./abra-options.ts";
import { writeAppEnv } from "./app-env.ts";
import { isUntagged, makeCheckout, moveCheckout } from "./checkout.ts";
import { prepareHome } from "./home.ts";
import { claim } from "./ownership.ts";
import { readVersion } from "./read-back.ts";
import { prepareNode } from "./release.ts";
import { runAbra } from "./run-abra.ts";
import { ensureSecrets } from "./secrets.ts";

/**
 * Deploys a version from a checkout made for this deploy, and waits until it has converged, as the labels of the
 * running services show, not as abra says.
 */
export async function deployApp(
  options: AbraOptions,
  app: App,
  source: Source,
  base: Source | null,
  step: Step,
): Promise<void> {
  const docker = dockerOf(options, app);
  const entry = await claim(options, docker, app, step);
  ensureFolder(app.scratch);
  prepareHome(options, app);
  await makeCheckout(options, app, source, step);
  await writeAppEnv(options, app, source, step);
  await ensureSecrets(options, docker, app, entry, step);
  await prepareNode(options, docker, app, source, step);
  await moveCheckout(options, app, source, step);
  const since = await daemonTime(docker, step);
  await runAbra(options, app, { act: "deploy", args: argumentsOf(app, source, base) }, step);
  await refuseOtherName(docker, app, step);
  await converge(docker, app.stack, since, { crashLoop: options.crashLoop }, step);
  const running = await readVersion(docker, app, source, step);
  if (running.version !== source.version)
    throw machineryFailure(`abra deployed ${source.version}, and the labels say: ${running.labels}`);
}

function argumentsOf(app: App, source: Source, base: Source | null): readonly string[] {
  if (isUntagged(source)) return ABRA.deployCheckout(app.domain);
  return base === null ? ABRA.deploy(app.domain, source.version) : ABRA.upgrade(app.domain, source.version);
}

// Only abra knows how it names a stack: one with another name could be neither watched nor removed.
async function refuseOtherName(docker: Docker, app: App, step: Step): Promise<void> {
  if (await isStackDeployed(docker, app.stack, step)) return;
  throw machineryFailure(`abra said that it deployed ${app.domain}, and there is no stack ${app.stack}`);
}

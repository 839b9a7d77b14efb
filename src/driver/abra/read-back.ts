import type { Step } from "../../command/step.ts";
import type { App, Source } from "../../core/app.ts";
import type { Running } from "../../core/read-back.ts";
import type { Docker } from "../../docker/docker.ts";
import { readServices } from "../../docker/watch/read-stack.ts";
import { readRunning } from "../recipe-files/read-back.ts";
import { isUntagged } from "./checkout.ts";

export interface ReadVersion {
  /** The running version; null if nothing runs, or if the running commit is not a release. */
  version: string | null;
  /** The labels that show it, for people. */
  labels: string;
}

/**
 * The running version, from the labels that abra puts on the service `app`. A chaos deploy keeps the version label of
 * the compose file, so it is read by its commit, and only for a commit that is not a release.
 */
export async function readVersion(
  docker: Docker,
  app: App,
  source: Source,
  step: Step,
): Promise<ReadVersion> {
  const services = await readServices(docker, app.stack, step);
  const service = services.find(({ name }) => name === `${app.stack}_app`);
  if (service === undefined) return { version: null, labels: "no service named app runs" };
  const label = (name: string) => service.labels[`coop-cloud.${app.stack}.${name}`] ?? null;
  const [version, chaos, chaosVersion] = [label("version"), label("chaos"), label("chaos-version")];
  const labels = `version=${version}, chaos=${chaos}, chaos-version=${chaosVersion}`;
  if (chaos === "false") return { version, labels };
  const isCommit = isUntagged(source) && isPrefixOf(chaosVersion, source.commit);
  return { version: isCommit ? source.version : null, labels };
}

/** The running state of an app: its version counts only if a task of the service `app` is up to date with it. */
export async function readWhatRuns(docker: Docker, app: App, source: Source, step: Step): Promise<Running> {
  const { images } = await readRunning(docker, app, step);
  const runs = images.some(({ service }) => service === "app");
  const { version, labels } = await readVersion(docker, app, source, step);
  if (version === null) step.say(`no version is read back: ${labels}`);
  return { version: runs ? version : null, images };
}

// abra shortens commits, and marks those of a changed tree, which is then another content.
function isPrefixOf(shortened: string | null, commit: string): boolean {
  return shortened !== null && /^[0-9a-f]{7,40}$/.test(shortened) && commit.startsWith(shortened);
}

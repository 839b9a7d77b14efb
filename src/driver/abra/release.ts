import type { Step } from "../../command/step.ts";
import { labelsOf } from "../../compose/compose.ts";
import type { App, Source } from "../../core/app.ts";
import type { Docker } from "../../docker/docker.ts";
import { attempt } from "../../docker/failure.ts";
import { fetchImage } from "../../docker/images.ts";
import { refusePortsInUse } from "../../docker/ports-in-use.ts";
import { readTextIfAny } from "../../state/files.ts";
import { addToEntry } from "../ledger.ts";
import { publishedPorts } from "../published-ports.ts";
import { type Release, readRelease } from "../recipe-files/release.ts";
import type { AbraOptions } from "./abra-options.ts";
import { homeOf } from "./home.ts";

/** A release as it would be for an app, for looking at only: what is deployed is what abra makes of it. */
export function readReleaseFor(app: App, source: Source): Release {
  const env = readTextIfAny(homeOf(app).envFile) ?? app.kept?.env ?? null;
  return readRelease({ ...app, kept: { env, secrets: {} } }, source);
}

/**
 * Brings the release's images to the node before the deploy, and refuses ports that are in use: swarm tells of a
 * missing one only by rejected tasks, of the other by none, and abra not at all. What only we pulled is noted, to
 * be removed with the app.
 */
export async function prepareNode(
  options: AbraOptions,
  docker: Docker,
  app: App,
  source: Source,
  step: Step,
): Promise<void> {
  const read = await attempt("read", async () => readReleaseFor(app, source));
  // What we cannot read may be readable for abra; if it is not, its own words are better.
  if (!read.ok) return step.say(`neither images nor ports looked at beforehand: ${read.failure.message}`);
  const { services } = read.value.compose;
  for (const image of new Set(Object.values(services).map((service) => service.image))) {
    // What is no image name is for the deployer to complain of, in its own words.
    if (typeof image !== "string" || !/^[a-z0-9]/i.test(image)) continue;
    const { pulled } = await fetchImage(docker, image, step);
    if (pulled !== null) addToEntry(options.stateRoot, app, "images", [pulled]);
  }
  await refusePortsInUse(docker, app.stack, publishedPorts(services), step);
}

/** Whether a service of the release asks backup-bot to back it up. */
export function readBackupDeclaration(
  app: App,
  source: Source,
): { declared: true } | { declared: false; reason: string } {
  const { compose } = readReleaseFor(app, source);
  const declared = Object.values(compose.services).some(
    (service) => labelsOf(service)["backupbot.backup"]?.toLowerCase() === "true",
  );
  if (declared) return { declared };
  return { declared, reason: "no service has the label backupbot.backup=true" };
}

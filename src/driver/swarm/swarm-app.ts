import type { Step } from "../../command/step.ts";
import { createDocker, type Docker } from "../../docker/docker.ts";
import { type Labels, OWN, ownLabels, STACK_NAMESPACE } from "../../docker/labels.ts";
import { listObjects } from "../../docker/objects.ts";
import type { VolumeTools } from "../../docker/volumes.ts";
import type { Toolbox } from "../../environment/toolbox.ts";
import type { App, Lane } from "../driver.ts";

export interface SwarmDriverOptions {
  tools: Toolbox;
  /** What the docker client needs beyond PATH: HOME, and what names the daemon. Nothing else is inherited. */
  environment: Readonly<Record<string, string>>;
  /** When an app that ends again and again is given up: so many exits with one code, never up for longer. */
  crashLoop: { exits: number; longestUpMs: number };
  /** An image with GNU cp and tar, used where the daemon is not on this machine. */
  snapshotHelper: string;
}

/** The docker client of a lane, its children marked as those of a run. */
export function dockerOf(options: SwarmDriverOptions, lane: Lane, run: string | null): Docker {
  const mark = run === null ? {} : { SWEEP_RUN: run };
  return createDocker({
    file: options.tools.find("docker"),
    context: lane.context,
    environment: { LC_ALL: "C", ...options.environment, PATH: options.tools.searchPath, ...mark },
  });
}

export function labelsOfApp(app: App): Record<string, string> {
  return ownLabels(app);
}

/**
 * The labels for a deploy. Labels of containers and mounts belong to what a task is: on a running app the
 * run that made it stays named, or every deploy by another run would restart all of it.
 */
export async function labelsForDeploy(docker: Docker, app: App, step: Step): Promise<Labels> {
  const services = await listObjects(docker, "service", [`label=${STACK_NAMESPACE}=${app.stack}`], step);
  const run = services.map((service) => service.labels[OWN.run]).find((value) => value !== undefined);
  return ownLabels({ ...app, run: run ?? app.run });
}

export function volumeTools(options: SwarmDriverOptions, docker: Docker, labels: Labels): VolumeTools {
  return { docker, tools: options.tools, helper: options.snapshotHelper, labels };
}

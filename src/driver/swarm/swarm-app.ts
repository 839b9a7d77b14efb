import type { Toolbox } from "../../command/toolbox.ts";
import type { App, Lane } from "../../core/app.ts";
import { createDocker, type Docker } from "../../docker/docker.ts";
import { isOwnedBy, type Labels, OWN, ownLabels } from "../../docker/labels.ts";
import type { DockerObject } from "../../docker/objects.ts";
import type { VolumeTools } from "../../docker/volumes/volumes.ts";

export interface SwarmDriverOptions {
  tools: Toolbox;
  /** The operator's home folder: Docker's contexts and credentials are there. */
  home: string;
  /** When an app that ends again and again is given up: so many exits with one code, never up for longer. */
  crashLoop: { exits: number; longestUpMs: number };
  /** An image with GNU cp and tar, used where the daemon is not on this machine. */
  snapshotHelper: string;
  /**
   * The names of volumes, secrets and configs that `adopt` took over for a recipe's canonical: used although
   * they do not carry our label, and never removed.
   */
  adopted?: (recipe: string) => readonly string[];
}

/** One app on its lane, and what of that name it may use. */
export interface AppSite {
  app: App;
  docker: Docker;
  volumes: VolumeTools;
  /** Made by us, or adopted for the canonical. */
  isUsable(object: DockerObject): boolean;
}

export function siteOf(options: SwarmDriverOptions, app: App): AppSite {
  const docker = dockerOf(options, app.lane, app.run);
  const labels = ownLabels(app);
  const adopted = app.instance === "warm" ? (options.adopted?.(app.recipe) ?? []) : [];
  return {
    app,
    docker,
    volumes: { docker, tools: options.tools, helper: options.snapshotHelper, labels },
    isUsable: ({ kind, name, labels: found }) =>
      isOwnedBy(found, app.owner) || (ADOPTABLE.has(kind) && adopted.includes(name)),
  };
}

const ADOPTABLE: ReadonlySet<string> = new Set(["volume", "secret", "config"]);

/** The docker client of a lane, its children marked as those of a run. */
export function dockerOf(options: SwarmDriverOptions, lane: Lane, run: string | null): Docker {
  return createDocker({
    file: options.tools.find("docker"),
    context: lane.context,
    searchPath: options.tools.searchPath,
    home: options.home,
    run,
  });
}

/**
 * The labels for a deploy. Labels of containers and mounts belong to what a task is: on a running app the
 * run that made it stays named, or every deploy by another run would restart all of it.
 */
export function labelsForDeploy(app: App, running: readonly DockerObject[]): Labels {
  const run = running.map((service) => service.labels[OWN.run]).find((value) => value !== undefined);
  return ownLabels({ ...app, run: run ?? app.run });
}

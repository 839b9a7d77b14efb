import type { Toolbox } from "../../command/toolbox.ts";
import type { App, Lane } from "../../core/app.ts";
import { createDocker, type Docker } from "../../docker/docker.ts";
import { isOwnedBy, type Labels, OWN, ownLabels } from "../../docker/labels.ts";
import type { DockerObject } from "../../docker/objects.ts";
import type { VolumeTools } from "../../docker/volumes/volumes.ts";

export interface SwarmDriverOptions {
  tools: Toolbox;
  /** The operator's home folder, which holds Docker's contexts and credentials. */
  home: string;
  /** When to give up an app that keeps exiting: this many exits with one code, never up for longer. */
  crashLoop: { exits: number; longestUpMs: number };
  /** An image with GNU cp and tar, for daemons on other machines. */
  snapshotHelper: string;
  /**
   * The names of volumes, secrets and configs that `adopt` took over for a recipe's canonical: used although they lack
   * our label, and never removed.
   */
  adopted?: (recipe: string) => readonly string[];
}

/** One app on its lane, and the objects of that name that it may use. */
export interface AppSite {
  app: App;
  docker: Docker;
  volumes: VolumeTools;
  /** Whether an object was made by us, or adopted for the canonical. */
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

/** The docker client of a lane, whose children carry the mark of a run. */
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
 * The labels for a deploy. Labels of containers and mounts are part of a task's spec, so a running app keeps the name
 * of the run that made it: otherwise every deploy by another run would restart all of it.
 */
export function labelsForDeploy(app: App, running: readonly DockerObject[]): Labels {
  const run = running.map((service) => service.labels[OWN.run]).find((value) => value !== undefined);
  return ownLabels({ ...app, run: run ?? app.run });
}

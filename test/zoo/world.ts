import { join } from "node:path";
import { writeFile, writeFiles } from "../support/files.ts";
import { createMachine, type Machine } from "../support/machine.ts";
import { openSite, type SwarmSite } from "../support/swarm-site.ts";
import { createUpstream, type Upstream } from "../support/upstream.ts";
import { provideImages, removeNames } from "./image.ts";
import { imagesOf, type Release, type ZooRecipe } from "./recipe.ts";

/** The zoo on a real swarm: upstreams behind HTTP, an edge, a configuration, and the built program. */
export interface Zoo extends Pick<Machine, "state" | "start"> {
  /** What happens between the two sweeps: new releases, new tests. */
  passTheWeek(): void;
  /** Removes all that was made on the swarm and, unless told to keep it, the folder. */
  close(options: { keep: boolean }): Promise<void>;
}

/** Opens the zoo with these recipes; waits while other tests of this machine have the lane. */
export async function openZoo(recipes: readonly ZooRecipe[], signal?: AbortSignal): Promise<Zoo> {
  const site = await openSite({
    name: "zoo",
    wordBytes: 2,
    serviceOf: (app) => recipes.find(({ name, edge }) => edge && isAppOf(name, app))?.edge ?? "app",
  });
  try {
    return fill(site, recipes, signal);
  } catch (error) {
    await site.close({ signal: "SIGTERM" });
    throw error;
  }
}

function fill(site: SwarmSite, recipes: readonly ZooRecipe[], signal: AbortSignal | undefined): Zoo {
  const { root, configuration, running } = site;
  const releases = recipes.flatMap(({ releases, later }) => [...releases, ...(later?.releases ?? [])]);
  const images = [...new Set(releases.flatMap(imagesOf))];
  provideImages(images);
  const state = join(root, "state");
  const machine = createMachine({
    configuration,
    state,
    settings: {
      ...site.settings,
      driver: "swarm",
      tools: [{ name: "curl" }, { name: "git" }],
      timeouts: { deploy: "90s", tier: "4m", promote: "5m" },
      floor: { enrolled: recipes.length },
    },
    options: ["--state", state],
    environment: { HOME: join(root, "home") },
    running,
  });
  const upstreams = recipes.map((recipe) => enrol(recipe, root, configuration));
  const interrupt = () => {
    for (const { child } of running) child.kill("SIGTERM");
  };
  signal?.addEventListener("abort", interrupt);
  return {
    state,
    start: (...words) => {
      signal?.throwIfAborted();
      return machine.start(...words);
    },
    passTheWeek: () => {
      for (const [index, { name, later }] of recipes.entries()) {
        publish(upstreams[index], later?.releases ?? []);
        writeFiles(join(configuration, "recipes", name), later?.files ?? {});
      }
    },
    close: async ({ keep }) => {
      signal?.removeEventListener("abort", interrupt);
      await site.close({ signal: "SIGTERM", keep, removeMore: () => removeNames(images) });
    },
  };
}

// As the program names them: `warm-NAME.…`, and four letters of the name with a number.
function isAppOf(name: string, domain: string): boolean {
  return domain.startsWith(`warm-${name}.`) || domain.startsWith(`${name.slice(0, 4)}-`);
}

function enrol(recipe: ZooRecipe, root: string, configuration: string): Upstream {
  const { name, settings, files, releases } = recipe;
  const folder = join(configuration, "recipes", name);
  writeFile(
    join(folder, "recipe.yaml"),
    `${JSON.stringify({ canonical: true, permissions: ["network:bridge"], ...settings }, null, 2)}\n`,
  );
  writeFiles(folder, files);
  const upstream = createUpstream(join(root, "upstreams", `${name}.git`));
  publish(upstream, releases);
  return upstream;
}

function publish(upstream: Upstream | undefined, releases: readonly Release[]): void {
  for (const { version, files } of releases) {
    upstream?.commit(files, { message: `Release ${version}` });
    upstream?.tag(version);
    // What is not released yet: no sweep may look at it.
    upstream?.commit({ "README.md": `after ${version}\n` }, { message: "Begin the next release" });
  }
}

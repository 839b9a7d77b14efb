import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startEdge } from "../support/edge.ts";
import { startGitServer } from "../support/git-server.ts";
import { DOCKER, helperImage } from "../support/images.ts";
import { type RunningProgram, startProgram } from "../support/program.ts";
import { createUpstream, type Upstream } from "../support/upstream.ts";
import { removeAllOf } from "../sweep-swarm/remove-all.ts";
import { queueForLane } from "../sweep-swarm/test-lane.ts";
import { writeFile } from "../sweep-swarm/world-recipe.ts";
import { provideImages, removeNames } from "./image.ts";
import { imagesOf, type Release, type ZooRecipe } from "./recipe.ts";

/** The zoo on a real swarm: upstreams behind HTTP, an edge, a configuration, and the built program. */
export interface Zoo {
  /** Where its state, and so the evidence of every row, is. */
  state: string;
  /** Calls the program with these words. */
  start(...words: string[]): RunningProgram;
  /** What happens between the two sweeps: new releases, new tests. */
  passTheWeek(): void;
  /** Removes all that was made on the swarm and, unless told to keep it, the folder. */
  close(options: { keep: boolean }): Promise<void>;
}

/** Opens the zoo with these recipes; waits while other tests of this machine have the lane. */
export async function openZoo(recipes: readonly ZooRecipe[], signal?: AbortSignal): Promise<Zoo> {
  const leaveLane = await queueForLane();
  try {
    return await fill(recipes, leaveLane, signal);
  } catch (error) {
    await leaveLane();
    throw error;
  }
}

async function fill(
  recipes: readonly ZooRecipe[],
  leaveLane: () => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<Zoo> {
  const releases = recipes.flatMap(({ releases, later }) => [...releases, ...(later?.releases ?? [])]);
  const images = [...new Set(releases.flatMap(imagesOf))];
  provideImages(images);
  const root = mkdtempSync(join(realpathSync(tmpdir()), "zoo-"));
  const domain = `${randomBytes(2).toString("hex")}.test`;
  const configuration = join(root, "config");
  const state = join(root, "state");
  mkdirSync(join(root, "upstreams"));
  const [edge, git] = await Promise.all([
    startEdge((app) => recipes.find(({ name, edge }) => edge && isAppOf(name, app))?.edge ?? "app"),
    startGitServer(join(root, "upstreams")),
  ]);
  const sweep = {
    domain,
    driver: "swarm",
    upstream: `${git.url}/{recipe}.git`,
    edge: { address: "127.0.0.1", port: edge.port, scheme: "http" },
    path: [dirname(DOCKER)],
    tools: [{ name: "curl" }, { name: "git" }],
    environment: { EDGE: edge.address },
    snapshot: { helper: helperImage() },
    timeouts: { deploy: "90s", tier: "4m", promote: "5m" },
    disk: { minFree: "1MiB" },
    floor: { enrolled: recipes.length },
  };
  writeFile(join(configuration, "sweep.yaml"), `${JSON.stringify(sweep, null, 2)}\n`);
  const upstreams = recipes.map((recipe) => enrol(recipe, root, configuration));
  const children = new Set<RunningProgram>();
  const interrupt = () => {
    for (const { child } of children) child.kill("SIGTERM");
  };
  signal?.addEventListener("abort", interrupt);
  return {
    state,
    start: (...words) => {
      signal?.throwIfAborted();
      const env = { HOME: join(root, "home") };
      const running = startProgram(["--config", configuration, "--state", state, ...words], { env });
      children.add(running);
      void running.end.then(() => children.delete(running));
      return running;
    },
    passTheWeek: () => {
      for (const [index, { name, later }] of recipes.entries()) {
        publish(upstreams[index], later?.releases ?? []);
        writeFiles(join(configuration, "recipes", name), later?.files ?? {});
      }
    },
    close: async ({ keep }) => {
      signal?.removeEventListener("abort", interrupt);
      interrupt();
      try {
        await Promise.all([...children].map(({ end }) => end));
        await removeAllOf(domain);
        await Promise.all([edge.close(), git.close()]);
        removeNames(images);
        if (!keep) rmSync(root, { recursive: true, force: true });
      } finally {
        await leaveLane();
      }
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

function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) writeFile(join(folder, path), content);
}

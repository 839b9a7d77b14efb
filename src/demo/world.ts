import { join } from "node:path";
import { stringify } from "yaml";
import type { Toolbox } from "../environment/toolbox.ts";
import type { Clock } from "../log.ts";
import { writeWhole } from "../state/files.ts";
import { CONTROL, HTTP } from "./scripts.ts";
import { SAMPLES, type SampleRecipe } from "./story.ts";
import { openUpstream, type Upstream } from "./upstream.ts";

export interface World {
  /** The folder that everything of the demo stands in, absolute. */
  root: string;
  /** The configuration folder. */
  configuration: string;
  /** What happens upstream between the two sweeps. */
  passTheWeek(): Promise<void>;
}

export interface WorldOptions {
  root: string;
  tools: Toolbox;
  clock: Clock;
  /** The folders of `path:`. */
  path: readonly string[];
  /** The program that runs the sample app, and that app, absolute. */
  node: string;
  server: string;
}

/** Makes the upstreams and the configuration of the sample recipes below `root`. */
export async function makeWorld(options: WorldOptions): Promise<World> {
  const configuration = join(options.root, "config");
  writeWhole(join(configuration, "sweep.yaml"), sweepFile(options));
  for (const sample of SAMPLES) {
    writeRecipe(join(configuration, "recipes", sample.recipe), sample);
    await publishFirst(options, sample);
  }
  return { root: options.root, configuration, passTheWeek: () => passTheWeek(options) };
}

function sweepFile({ root, path, node, server }: WorldOptions): string {
  return stringify({
    domain: "demo.localhost",
    state: join(root, "state"),
    driver: "command",
    upstream: join(root, "upstreams", "{recipe}"),
    floor: { enrolled: SAMPLES.length },
    timeouts: { deploy: "15s", tier: "30s", promote: "20s", recipe: "2m", sweep: "10m", git: "20s" },
    disk: { minFree: "16MiB", canonicals: "1GiB" },
    path: [...path],
    environment: { DEMO_NODE: node, DEMO_SERVER: server },
  });
}

function writeRecipe(folder: string, sample: SampleRecipe): void {
  writeWhole(join(folder, "recipe.yaml"), recipeFile(sample));
  writeWhole(join(folder, "http.sh"), HTTP);
  writeWhole(join(folder, "control"), CONTROL, 0o755);
  for (const [path, script] of Object.entries(sample.executables))
    writeWhole(join(folder, path), script, 0o755);
}

function recipeFile(sample: SampleRecipe): string {
  const acts = ["deploy", "undeploy", "version", "url", "backup", "restore", "logs", "inventory"];
  const usual = Object.fromEntries(acts.map((act) => [act, `./control ${act}`]));
  const commands = { ...usual, ...(sample.restore === undefined ? {} : { restore: sample.restore }) };
  return `# ${sample.shows}\ncanonical: true\n${stringify({ commands })}${sample.settings ?? ""}`;
}

async function publishFirst(options: WorldOptions, sample: SampleRecipe): Promise<void> {
  if (sample.releases === null) return;
  const upstream = await upstreamOf(options, sample);
  await upstream.commit("begin");
  for (const tag of sample.otherTags ?? []) await upstream.tag(tag);
  for (const release of sample.releases) await upstream.publish({ name: sample.recipe, ...release });
}

async function passTheWeek(options: WorldOptions): Promise<void> {
  for (const sample of SAMPLES) {
    if (sample.later === undefined) continue;
    const upstream = await upstreamOf(options, sample);
    if (sample.later.untagged === true) await upstream.commit("work in progress, without a tag");
    for (const release of sample.later.releases ?? [])
      await upstream.publish({ name: sample.recipe, ...release });
  }
}

function upstreamOf({ root, tools, clock }: WorldOptions, { recipe }: SampleRecipe): Promise<Upstream> {
  return openUpstream(join(root, "upstreams", recipe), recipe, tools, clock);
}

import { join } from "node:path";
import { stringify } from "yaml";
import type { Toolbox } from "../command/toolbox.ts";
import type { Clock } from "../log.ts";
import { writeWhole } from "../state/files.ts";
import type { Form } from "./form.ts";
import { HTTP } from "./scripts.ts";
import { type Published, SAMPLES, type SampleRecipe } from "./story.ts";
import { openUpstream, type Upstream } from "./upstream.ts";

export interface World {
  /** The demo's folder, absolute. */
  root: string;
  /** The configuration folder. */
  configuration: string;
  /** Makes the upstream changes between the two sweeps. */
  passTheWeek(): Promise<void>;
}

export interface WorldOptions {
  root: string;
  tools: Toolbox;
  clock: Clock;
  /** The folders of `path:`. */
  path: readonly string[];
  form: Form;
}

/** Makes the upstreams and the configuration of the sample recipes below `root`. */
export async function makeWorld(options: WorldOptions): Promise<World> {
  const configuration = join(options.root, "config");
  writeWhole(join(configuration, "sweep.yaml"), sweepFile(options));
  for (const sample of SAMPLES) {
    writeRecipe(join(configuration, "recipes", sample.recipe), sample, options.form);
    await publishFirst(options, sample);
  }
  return { root: options.root, configuration, passTheWeek: () => passTheWeek(options) };
}

function sweepFile({ root, path, form }: WorldOptions): string {
  return stringify({
    domain: "demo.localhost",
    state: join(root, "state"),
    upstream: join(root, "upstreams", "{recipe}"),
    floor: { enrolled: SAMPLES.length },
    disk: { minFree: "16MiB", canonicals: "1GiB" },
    path: [...path],
    ...form.sweep,
  });
}

function writeRecipe(folder: string, sample: SampleRecipe, form: Form): void {
  const settings = {
    canonical: true,
    ...form.recipe(sample),
    ...(sample.rules === undefined ? {} : { tests: sample.rules }),
  };
  writeWhole(join(folder, "recipe.yaml"), `# ${sample.shows}\n${stringify(settings)}`);
  writeWhole(join(folder, "http.sh"), HTTP);
  for (const [path, script] of Object.entries({ ...sample.tests, ...form.executables(sample) }))
    writeWhole(join(folder, path), script, 0o755);
}

async function publishFirst(options: WorldOptions, sample: SampleRecipe): Promise<void> {
  if (sample.releases === null) return;
  const upstream = await upstreamOf(options, sample);
  await upstream.commit("begin");
  for (const tag of sample.otherTags ?? []) await upstream.tag(tag);
  await publish(options, sample, upstream, sample.releases);
}

async function passTheWeek(options: WorldOptions): Promise<void> {
  for (const sample of SAMPLES) {
    if (sample.later === undefined) continue;
    const upstream = await upstreamOf(options, sample);
    if (sample.later.untagged === true) await upstream.commit("work in progress, without a tag");
    await publish(options, sample, upstream, sample.later.releases ?? []);
  }
}

async function publish(
  { form }: WorldOptions,
  sample: SampleRecipe,
  upstream: Upstream,
  releases: readonly Published[],
): Promise<void> {
  for (const release of releases)
    await upstream.publish(release.version, form.release(sample, { name: sample.recipe, ...release }));
}

function upstreamOf({ root, tools, clock }: WorldOptions, { recipe }: SampleRecipe): Promise<Upstream> {
  return openUpstream(join(root, "upstreams", recipe), recipe, tools, clock);
}

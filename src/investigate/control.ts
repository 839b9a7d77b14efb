import { join } from "node:path";
import { readRecord } from "../canonical/store.ts";
import { deadlineIn } from "../command/deadline.ts";
import { Environment } from "../command/environment.ts";
import type { RecipeConfig } from "../config/config.ts";
import { provenRecord } from "../core/canonical.ts";
import { TRAITS } from "../core/driver-traits.ts";
import { kindOf } from "../core/label/label.ts";
import { createEvidence } from "../evidence/evidence.ts";
import { Fault } from "../fault.ts";
import { readRuns } from "../report/run-store.ts";
import type { Context } from "../run/context.ts";
import { createDrivers } from "../run/drivers.ts";
import { lastingStep, type Run } from "../run/run.ts";
import { ensureFolder, writeWhole } from "../state/files.ts";
import { CONTROL_FILES, CONTROL_HISTORY, CONTROL_RECIPE, CONTROL_VERSION } from "./control-sample.ts";

export interface ReleaseRef {
  version: string;
  commit: string;
}

/** A recipe that is known to be good: red, it says that the machinery is at fault. */
export interface Control {
  recipe: RecipeConfig;
  /** Null: our own sample, whose release is made when it is needed. */
  release: ReleaseRef | null;
}

/**
 * The cheapest control: where `commands:` deploy, our own sample, which has nothing to do with the operator's recipes;
 * else the enrolled recipe whose canonical's test was the quickest.
 */
export function findControl(context: Context, recipe: RecipeConfig): Control | { notPossible: string } {
  if (TRAITS[recipe.driver].deploys === "commands")
    return { recipe: sampleOf(context, recipe), release: null };
  const [quickest] = context.config.recipes
    .filter(
      (other) =>
        other.recipe !== recipe.recipe && other.driver === recipe.driver && other.requires.length === 0,
    )
    .flatMap((other) => provenOf(context, other))
    .toSorted((one, other) => one.durationMs - other.durationMs);
  if (quickest === undefined)
    return { notPossible: "no other enrolled recipe of this driver has a canonical" };
  return quickest;
}

function provenOf(context: Context, recipe: RecipeConfig): (Control & { durationMs: number })[] {
  const record = provenRecord(readRecord(context.state.canonical(recipe.recipe), recipe.recipe));
  if (record === null) return [];
  const rows = readRuns(context.state).flatMap((reading) =>
    reading.state === "read" ? reading.report.recipes : [],
  );
  const green = rows.find(
    (row) => row.recipe === recipe.recipe && kindOf(row) === "PASS" && row.target?.commit === record.commit,
  );
  const durationMs = green?.durationMs ?? Number.MAX_SAFE_INTEGER;
  return [{ recipe, release: { version: record.version, commit: record.commit }, durationMs }];
}

function sampleOf({ config }: Context, like: RecipeConfig): RecipeConfig {
  return {
    ...like,
    recipe: CONTROL_RECIPE,
    folder: "",
    domain: `control.${config.domain}`,
    health: { path: "/", status: [200], service: "app" },
    env: {},
    requires: [],
    tests: {},
    broken: {},
    permissions: [],
    commands: {
      deploy: "./deploy",
      undeploy: "./undeploy",
      version: 'cat "$SWEEP_DATA/version"',
      url: 'cat "$SWEEP_DATA/url"',
    },
  };
}

/** Writes the sample and its upstream into the scratch, and returns a run that finds them there, and its release. */
export async function withSample(run: Run, sample: RecipeConfig): Promise<{ run: Run; release: ReleaseRef }> {
  const { context } = run;
  const root = join(run.scratch, "control");
  const configuration = join(root, "configuration");
  const folder = join(configuration, "recipes", sample.recipe);
  for (const [path, text] of Object.entries(CONTROL_FILES)) writeWhole(join(folder, path), text, 0o755);
  const bare = join(root, "upstream.git");
  const commit = await makeUpstream(run, bare);
  const { config, state } = context;
  const ownContext: Context = {
    ...context,
    config: {
      ...config,
      recipes: [sample],
      environment: { ...config.environment, CONTROL_NODE: process.execPath },
    },
    state: { ...state, mirror: () => ({ bare, refs: join(root, "refs.json") }) },
  };
  const own: Run = {
    ...run,
    context: ownContext,
    configuration,
    driver: createDrivers(ownContext, () => folder),
  };
  return { run: own, release: { version: CONTROL_VERSION, commit } };
}

async function makeUpstream(run: Run, bare: string): Promise<string> {
  const { clock, tools } = run.context;
  ensureFolder(bare);
  const evidence = createEvidence(
    join(run.paths.folder, "attempts", "control-upstream"),
    run.redactor,
    clock,
  );
  const step = lastingStep(run, evidence, "control", deadlineIn(clock, "the control's upstream", 60_000));
  const git = async (args: readonly string[], input?: string) => {
    const result = await step.run({
      file: tools.find("git"),
      args: ["-C", bare, ...args],
      cwd: bare,
      env: Environment.of("git", tools),
      capture: true,
      ...(input === undefined ? {} : { input }),
    });
    if (!result.ok)
      throw new Fault(
        "machinery",
        `git cannot make the control recipe: ${result.stderr.trim()}`,
        "see that git works",
      );
    return result.stdout.trim();
  };
  await git(["init", "--quiet", "--bare"]);
  await git(["fast-import", "--quiet"], CONTROL_HISTORY);
  return git(["rev-parse", `refs/tags/${CONTROL_VERSION}^{commit}`]);
}

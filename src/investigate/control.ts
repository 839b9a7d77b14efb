import { join } from "node:path";
import { readRecord } from "../canonical/store.ts";
import { deadlineIn } from "../command/deadline.ts";
import { Environment } from "../command/environment.ts";
import type { RecipeConfig } from "../config/config.ts";
import { provenRecord } from "../core/canonical.ts";
import type { VersionRef } from "../core/decision/decision.ts";
import { TRAITS } from "../core/driver-traits.ts";
import { kindOf } from "../core/label/label.ts";
import { createEvidence } from "../evidence/evidence.ts";
import { Fault } from "../fault.ts";
import type { Origin } from "../run/app-under-test.ts";
import type { Context } from "../run/context.ts";
import { commandDriver } from "../run/drivers.ts";
import { lastingStep, type Run } from "../run/run.ts";
import { ensureFolder, writeWhole } from "../state/files.ts";
import { CONTROL_FILES, CONTROL_HISTORY, CONTROL_RECIPE, CONTROL_VERSION } from "./control-sample.ts";

/** A recipe known to be good: if it is red, the machinery is at fault. */
export interface Control {
  recipe: RecipeConfig;
  /** Null: our own sample, whose release is made when needed. */
  release: (VersionRef & { lane: string | null }) | null;
}

/**
 * The cheapest control: for `commands:`, our own sample, which has nothing to do with the operator's recipes; otherwise
 * the enrolled recipe whose canonical had the quickest test.
 */
export function findControl(run: Run, recipe: RecipeConfig): Control | { notPossible: string } {
  if (TRAITS[recipe.driver].deploys === "commands")
    return { recipe: sampleOf(run.context, recipe), release: null };
  const [quickest] = run.context.config.recipes
    .filter(
      (other) =>
        other.recipe !== recipe.recipe && other.driver === recipe.driver && other.requires.length === 0,
    )
    .flatMap((other) => provenOf(run, other))
    .toSorted((one, other) => one.durationMs - other.durationMs);
  if (quickest === undefined)
    return { notPossible: "no other enrolled recipe of this driver has a canonical" };
  return quickest;
}

function provenOf({ context, history }: Run, recipe: RecipeConfig): (Control & { durationMs: number })[] {
  const record = provenRecord(readRecord(context.state.canonical(recipe.recipe), recipe.recipe));
  if (record === null) return [];
  const green = history
    .rowsOf(recipe.recipe)
    .find((row) => kindOf(row) === "PASS" && row.commit === record.commit);
  const durationMs = green?.testMs ?? Number.MAX_SAFE_INTEGER;
  const { version, commit, lane = null } = record;
  return [{ recipe, release: { version, commit, lane }, durationMs }];
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

/** Writes the sample and its upstream into the scratch folder, and returns their places. */
export async function makeSample(
  run: Run,
  sample: RecipeConfig,
): Promise<{ origin: Origin; release: VersionRef }> {
  const { context } = run;
  const root = join(run.scratch, "control");
  const folder = join(root, "configuration", "recipes", sample.recipe);
  for (const [path, text] of Object.entries(CONTROL_FILES)) writeWhole(join(folder, path), text, 0o755);
  const mirror = join(root, "upstream.git");
  const commit = await makeUpstream(run, mirror);
  const environment = { ...context.config.environment, CONTROL_NODE: process.execPath };
  const commands = sample.commands ?? null;
  const driver = await commandDriver(context, environment, () => commands && { commands, folder });
  return { origin: { driver, folder, environment, mirror }, release: { version: CONTROL_VERSION, commit } };
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

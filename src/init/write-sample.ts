import { dirname, join } from "node:path";
import { deadlineIn } from "../command/deadline.ts";
import { Environment } from "../command/environment.ts";
import { runCommand } from "../command/run.ts";
import { SYSTEM_PATH, type Toolbox } from "../command/toolbox.ts";
import { knownCausesJsonSchema, recipeJsonSchema, sweepJsonSchema } from "../config/json-schema.ts";
import { Fault } from "../fault.ts";
import type { Clock } from "../log.ts";
import { exists, moveTree, removeTree, writeWhole } from "../state/files.ts";
import { KNOWN_CAUSES_YAML } from "./known-causes-yaml.ts";
import { type SampleFile, sampleRecipe } from "./sample-recipe.ts";
import { sampleHistory } from "./sample-upstream.ts";
import { sweepYaml } from "./sweep-yaml.ts";

export interface InitOptions {
  /** The configuration folder, absolute; created if missing. */
  folder: string;
  /** The Node for the sample's server, absolute. */
  node: string;
  tools: Toolbox;
  clock: Clock;
}

/** Paths relative to the folder. */
export interface InitResult {
  written: string[];
  /** Files that already existed, and are unchanged. */
  kept: string[];
}

/** Limit for git to make the sample's upstream, in milliseconds. */
const GIT_LIMIT_MS = 30_000;
const UPSTREAM = "sample-upstream/hello.git";
const SWEEP_FILE = "sweep.yaml";

/**
 * Writes a configuration to begin with, without touching existing files. A folder with a `sweep.yaml` belongs to
 * somebody: it gets only the schemas. `sweep.yaml` is written last, so that the next `init` completes one that was cut
 * short. Faults: machinery (git is missing, the folder cannot be written).
 */
export async function writeSample(options: InitOptions): Promise<InitResult> {
  const { folder } = options;
  const result: InitResult = { written: [], kept: [] };
  const isNew = !exists(join(folder, SWEEP_FILE));
  for (const file of schemaFiles()) writeIfNew(folder, file, result);
  if (isNew) {
    await makeUpstream(options, result);
    for (const file of [GIT_IGNORE, KNOWN_CAUSES, ...sampleRecipe()]) writeIfNew(folder, file, result);
  }
  writeIfNew(folder, plain(SWEEP_FILE, sweepYaml(pathFor(options.node))), result);
  return result;
}

const GIT_IGNORE = plain(".gitignore", "/.canonical-sweep/\n/sample-upstream/\n");
const KNOWN_CAUSES = plain("known-causes.yaml", KNOWN_CAUSES_YAML);

function schemaFiles(): SampleFile[] {
  return [
    plain("schemas/sweep.schema.json", `${JSON.stringify(sweepJsonSchema(), null, 2)}\n`),
    plain("schemas/recipe.schema.json", `${JSON.stringify(recipeJsonSchema(), null, 2)}\n`),
    plain("schemas/known-causes.schema.json", `${JSON.stringify(knownCausesJsonSchema(), null, 2)}\n`),
  ];
}

function plain(path: string, text: string): SampleFile {
  return { path, text, executable: false };
}

function writeIfNew(folder: string, file: SampleFile, result: InitResult): void {
  const path = join(folder, file.path);
  if (exists(path)) {
    result.kept.push(file.path);
    return;
  }
  writeWhole(path, file.text, file.executable ? 0o755 : 0o644);
  result.written.push(file.path);
}

function pathFor(node: string): string[] {
  const folder = dirname(node);
  return SYSTEM_PATH.includes(folder) ? [] : [folder];
}

async function makeUpstream(options: InitOptions, result: InitResult): Promise<void> {
  const path = join(options.folder, UPSTREAM);
  if (exists(path)) {
    result.kept.push(UPSTREAM);
    return;
  }
  const half = `${path}.half`;
  removeTree(half);
  await git(options, ["init", "--quiet", "--bare", "--initial-branch=main", "--", half], "");
  await git(options, [`--git-dir=${half}`, "fast-import", "--quiet", "--done"], sampleHistory());
  moveTree(half, path);
  result.written.push(UPSTREAM);
}

async function git(options: InitOptions, args: readonly string[], input: string): Promise<void> {
  const { tools, clock } = options;
  const env = Environment.of("git", tools);
  const deadline = deadlineIn(clock, "git for the sample", GIT_LIMIT_MS);
  const result = await runCommand({ file: tools.find("git"), args, cwd: "/", env, deadline, input }, clock);
  if (result.ok) return;
  const said = result.notStarted ?? result.stderr.trim();
  throw new Fault(
    "machinery",
    `the sample's upstream could not be made: ${said}`,
    `run by hand: ${result.command}`,
  );
}

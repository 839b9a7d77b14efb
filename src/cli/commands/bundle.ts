import { basename, dirname, join, resolve } from "node:path";
import { deadlineIn } from "../../command/deadline.ts";
import { Environment } from "../../command/environment.ts";
import { runCommand } from "../../command/run.ts";
import { SYSTEM_PATH } from "../../command/search-path.ts";
import { createToolbox } from "../../command/toolbox.ts";
import type { Config } from "../../config/config.ts";
import { EXIT } from "../../core/exit.ts";
import { Fault } from "../../fault.ts";
import { renderParagraph } from "../../render/paragraph.ts";
import { isFolder } from "../../state/file-facts.ts";
import { listFolder, moveTree, removeTree } from "../../state/files.ts";
import type { StatePaths } from "../../state/paths.ts";
import type { Invocation } from "../invocation.ts";
import { printResult } from "../print.ts";

interface BundleRequest {
  state: StatePaths;
  config: Config | null;
  run: string;
  /** The path of the archive; a relative one starts at the working directory. */
  file: string;
}

const BUNDLE_SCHEMA = 1;
const LIMIT_MS = 10 * 60_000;

/**
 * Writes the evidence of a run into one .tar.gz. Secrets were removed when the evidence was written; files that were
 * never evidence (the copy of the configuration, except its tests) stay out. The archive is written whole or not at
 * all.
 */
export async function bundleRun(invocation: Invocation, request: BundleRequest): Promise<number> {
  const { clock, cwd } = invocation.surroundings;
  const file = resolve(cwd, request.file);
  const folder = request.state.run(request.run).folder;
  const paths = bundledPaths(folder).map((path) => join(request.run, path));
  if (paths.length === 0)
    throw new Fault("usage", `run ${request.run} has no evidence`, `look into ${folder}`);
  const partial = join(dirname(file), `.${basename(file)}.partial`);
  const result = await runCommand(
    {
      file: createToolbox(request.config?.path ?? SYSTEM_PATH).find("tar"),
      args: [
        "--create",
        "--gzip",
        `--file=${partial}`,
        "--force-local",
        `--directory=${request.state.runs}`,
        "--sort=name",
        "--owner=0",
        "--group=0",
        "--numeric-owner",
        "--exclude=kept",
        "--exclude=.env",
        "--null",
        "--verbatim-files-from",
        "--files-from=-",
      ],
      cwd: request.state.runs,
      env: Environment.of("tar", { searchPath: SYSTEM_PATH.join(":") }),
      input: `${paths.join("\0")}\0`,
      deadline: deadlineIn(clock, "bundle", LIMIT_MS),
    },
    clock,
  );
  if (!result.ok) {
    removeTree(partial);
    const words = result.notStarted ?? result.stderr.trim();
    throw new Fault(
      "machinery",
      `tar could not write ${file}: ${words}`,
      "choose another place for the archive",
    );
  }
  moveTree(partial, file);
  printResult(invocation, { schema: BUNDLE_SCHEMA, run: request.run, file }, (layout) =>
    renderParagraph(`all evidence of run ${request.run}: ${file}`, layout),
  );
  return EXIT.ok;
}

const CONFIGURATION = "configuration";

/**
 * The files of a run for a bundle, as paths relative to its folder: everything but the copy of the configuration, which
 * may hold tokens and secret addresses; of that, only the tests.
 */
function bundledPaths(folder: string): string[] {
  const evidence = listFolder(folder).filter((name) => name !== CONFIGURATION && !name.endsWith(".tmp"));
  const recipes = join(CONFIGURATION, "recipes");
  const tests = listFolder(join(folder, recipes))
    .map((recipe) => join(recipes, recipe, "tests"))
    .filter((path) => isFolder(join(folder, path)) && listFolder(join(folder, path)).length > 0);
  return [...evidence, ...tests];
}

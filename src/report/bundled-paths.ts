import { join } from "node:path";
import { isFolder } from "../state/file-facts.ts";
import { listFolder } from "../state/files.ts";

const CONFIGURATION = "configuration";

/**
 * What of a run's folder goes into a bundle, as paths below it: everything but the copy of the configuration,
 * which may hold tokens and addresses that are secrets; of that, only the tests.
 */
export function bundledPaths(folder: string): string[] {
  const evidence = listFolder(folder).filter((name) => name !== CONFIGURATION && !name.endsWith(".tmp"));
  const recipes = join(CONFIGURATION, "recipes");
  const tests = listFolder(join(folder, recipes))
    .map((recipe) => join(recipes, recipe, "tests"))
    .filter((path) => isFolder(join(folder, path)) && listFolder(join(folder, path)).length > 0);
  return [...evidence, ...tests];
}

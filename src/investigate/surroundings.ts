import { folderAtLaunch } from "../run/run.ts";
import { readTreeContent } from "../state/trees/tree-content.ts";
import type { Session } from "./session.ts";

/**
 * Whether the tools, or the recipe's configuration other than its tests, differ from the last green's; null if unknown.
 */
export function haveSurroundingsChanged({ canonical, recipe, run }: Session): boolean | null {
  if (canonical?.environment === undefined || canonical.configuration === undefined) return null;
  const { digest } = readTreeContent(folderAtLaunch(run, recipe.recipe), ["tests"]);
  return canonical.environment !== run.environment.fingerprint || canonical.configuration !== digest;
}

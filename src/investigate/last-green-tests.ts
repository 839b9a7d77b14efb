import { join } from "node:path";
import { findKeptTests } from "../canonical/kept-tests.ts";
import { TIERS } from "../core/tier.ts";
import { folderAtLaunch } from "../run/run.ts";
import { isExecutable } from "../state/file-facts.ts";
import { exists, listFolder, removeTree } from "../state/files.ts";
import { copyFolder } from "../state/trees/copy.ts";
import { readTreeContent } from "../state/trees/tree-content.ts";
import type { Session } from "./session.ts";

/** The recipe's configuration folder with the tests that were green when the canonical was made; or why there is none. */
export function lastGreenTests(session: Session): { folder: string } | { notPossible: string } {
  const { canonical, recipe, run } = session;
  if (canonical === null) return { notPossible: "there is no canonical, and so no last green" };
  const kept = findKeptTests(run.context.state.canonical(recipe.recipe), canonical);
  if ("problem" in kept) return { notPossible: kept.problem };
  const folder = join(run.scratch, "last-green", "recipes", recipe.recipe);
  if (exists(folder)) return { folder };
  copyFolder(folderAtLaunch(run, recipe.recipe), folder, { leaveOut: (path) => path === "tests" });
  copyFolder(kept.folder, join(folder, "tests"), { leaveOut: () => false });
  removeOthers(join(folder, "tests"), new Set(Object.keys(canonical.tests ?? {})));
  return { folder };
}

/**
 * Whether the tests differ from those of the last green: in content, or because a failed test was not among the green
 * ones. Null if nothing is known about that green.
 */
export function haveTestsChanged({ canonical, recipe, red, run }: Session): boolean | null {
  if (canonical?.tests === undefined) return null;
  const failed = red.row.tiers.flatMap((end) => end.tests ?? []).filter(({ status }) => status === "failed");
  if (failed.some(({ name }) => canonical.tests?.[name] === undefined)) return true;
  if (canonical.keptTests === undefined) return null;
  return readTreeContent(join(folderAtLaunch(run, recipe.recipe), "tests")).digest !== canonical.keptTests;
}

// A test that existed but was not planned, or was skipped, was not green.
function removeOthers(tests: string, green: ReadonlySet<string>): void {
  for (const tier of TIERS)
    for (const name of listFolder(join(tests, tier)))
      if (isExecutable(join(tests, tier, name)) && !green.has(`${tier}/${name}`))
        removeTree(join(tests, tier, name));
}

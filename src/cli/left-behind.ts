import { dirname } from "node:path";
import { isThere, listFolder } from "../state/files.ts";
import type { StatePaths } from "../state/paths.ts";

/** Things that an abrupt exit leaves behind in the state folder, a line each. */
export function describeLeftBehind(state: StatePaths): string[] {
  const promotions = listFolder(state.canonicals).filter((recipe) =>
    isThere(state.canonical(recipe).promotion),
  );
  const runs = listFolder(dirname(state.scratch("run")));
  const lines = [
    ...promotions.map(
      (recipe) => `a promotion of ${recipe}, half done (${state.canonical(recipe).promotion})`,
    ),
    ...runs.map((run) => `the test app and checkouts of run ${run} (${state.scratch(run)})`),
  ];
  if (lines.length === 0) return ["left at once; nothing was under way"];
  return [
    "left at once, and left behind:",
    ...lines.map((line) => `  ${line}`),
    "commands that were running may still run. The next run ends them, rolls back what is half done and removes the rest: `canonical-sweep clean`",
  ];
}

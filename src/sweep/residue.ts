import { join } from "node:path";
import { findMarked } from "../command/process-group.ts";
import { readJournal } from "../promote/journal.ts";
import { listFolder } from "../state/files.ts";
import type { Context } from "./context.ts";

/** What `clean` would put right: only looked at, nothing is touched. */
export async function findResidue(context: Context): Promise<string[]> {
  const { state } = context;
  const promotions = listFolder(state.canonicals).filter(
    (recipe) => readJournal(state.canonical(recipe)).state !== "absent",
  );
  const scratch = listFolder(join(state.root, "scratch"));
  const runs = new Set(listFolder(state.runs));
  const processes = findMarked((environment) =>
    environment.some((entry) => entry.startsWith("SWEEP_RUN=") && runs.has(entry.slice("SWEEP_RUN=".length))),
  );
  return [
    ...promotions.map((recipe) => `a promotion of ${recipe} that was not settled`),
    ...scratch.map((run) => `the scratch of run ${run}`),
    ...processes.map((pid) => `process ${pid}`),
  ];
}

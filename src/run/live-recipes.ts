import { readRecord } from "../canonical/store.ts";
import { listFolder } from "../state/files.ts";
import type { Context } from "./context.ts";

/**
 * The recipes whose warm app may run, and stays: those whose canonical is recorded as live, and those whose
 * record cannot be read, because it may say so.
 */
export function liveRecipes({ state }: Pick<Context, "state">): string[] {
  return listFolder(state.canonicals).filter((recipe) => {
    const reading = readRecord(state.canonical(recipe), recipe);
    return reading.state === "unreadable" || (reading.state === "read" && reading.record.status === "live");
  });
}

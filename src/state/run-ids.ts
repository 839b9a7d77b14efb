import { listFolder } from "./files.ts";
import type { StatePaths } from "./paths.ts";

/** The runs that have a folder, oldest first: an id begins with its time. Other names are skipped. */
export function listRunIds(state: Pick<StatePaths, "runs">): string[] {
  return listFolder(state.runs).filter((name) => /^\d{8}T\d{6}/.test(name));
}

import { join } from "node:path";
import { endMarked, findMarked } from "../command/process-group.ts";
import { SYSTEM_PATH } from "../command/search-path.ts";
import { searchTool } from "../command/toolbox.ts";
import { Fault } from "../fault.ts";
import { ensureFolder, listFolder, removeTree } from "../state/files.ts";
import { temporaryFolder } from "../state/temporary-folder.ts";
import type { DemoDriver } from "./form.ts";

const NEEDED: Readonly<Record<DemoDriver, readonly string[]>> = {
  command: ["git", "bash", "setsid", "flock", "cp", "sync"],
  swarm: ["git", "bash", "flock", "cp", "sync", "tar", "docker", "restic", "ldd", "which"],
};

/** Makes the folder of the demo: the given one, which must have nothing in it, else a fresh one. */
export function makePlace(given: string | null): string {
  if (given === null) return temporaryFolder("canonical-sweep-demo-");
  if (listFolder(given).length > 0)
    throw new Fault("usage", `${given} is not empty`, "name a folder that does not exist yet with --dir");
  ensureFolder(given);
  return given;
}

/**
 * The folders of `path:` for the demo: none where the system's own have every tool; else those of the caller's
 * PATH that have what is missing, because a laptop may keep git elsewhere.
 */
export function foldersFor(driver: DemoDriver, inheritedPath: string): string[] {
  const folders: string[] = [];
  for (const name of NEEDED[driver]) {
    if (searchTool(name, [...folders, ...SYSTEM_PATH].join(":")) !== null) continue;
    const found = searchTool(name, inheritedPath);
    if (found === null)
      throw new Fault("machinery", `the demo needs ${name}, and the PATH has none`, `install ${name}`);
    folders.push(join(found, ".."));
  }
  return folders;
}

/** The processes that still have their data below the folder. */
export function processesBelow(root: string): number[] {
  return findMarked(isBelow(root));
}

/** Ends whatever still runs below the folder, and deletes it. */
export async function clearPlace(root: string): Promise<void> {
  await endMarked(isBelow(root), 1_000);
  removeTree(root);
}

function isBelow(root: string): (environment: readonly string[]) => boolean {
  return (environment) => environment.some((entry) => entry.startsWith(`SWEEP_DATA=${join(root, "state")}/`));
}

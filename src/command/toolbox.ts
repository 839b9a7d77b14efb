import { join } from "node:path";
import { Fault } from "../fault.ts";
import { isExecutable } from "../state/file-facts.ts";
import { TOOLS } from "./tools.ts";

export { SYSTEM_PATH } from "./search-path.ts";

/** The tools that the program calls, each found once on the declared path. */
export interface Toolbox {
  /** The absolute path of a declared tool. Throws a `Fault` (machinery) that names the remedy if it is missing. */
  find(name: string): string;
  /** The PATH of every child: `path:`, then the system's folders. Never an inherited PATH. */
  searchPath: string;
}

/** Looks tools up in these folders (`Config.path`), in this order; a tool once found keeps its path. */
export function createToolbox(folders: readonly string[]): Toolbox {
  const searchPath = folders.join(":");
  const found = new Map<string, string>();
  return {
    searchPath,
    find: (name) => {
      const path = found.get(name) ?? searchTool(name, searchPath);
      if (path === null) throw new Fault("machinery", missingTool(name, searchPath), remedyOf(name));
      found.set(name, path);
      return path;
    },
  };
}

/** The absolute path of a program on this search path; null if no executable of that name is there. */
export function searchTool(name: string, searchPath: string): string | null {
  if (name === "" || name.includes("/")) return null;
  const folders = searchPath.split(":");
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

export function missingTool(name: string, searchPath: string): string {
  return `${name} is missing: it is not in ${searchPath}`;
}

/** How to install a missing tool. */
export function remedyOf(name: string): string {
  const install = TOOLS.find((tool) => tool.name === name)?.install ?? `install ${name}`;
  return `${install}, or name the folder that has it in \`path:\` of sweep.yaml`;
}

/** The command that installs a tool on Debian; null if it is not a package. */
export function installCommandOf(name: string): string | null {
  const install = TOOLS.find((tool) => tool.name === name)?.install ?? "";
  return install.startsWith("apt-get ") ? install : null;
}

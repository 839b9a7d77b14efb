import { type SimpleGit, simpleGit } from "simple-git";
import { Environment } from "../command/environment.ts";
import type { Toolbox } from "../command/toolbox.ts";

/**
 * Git for questions to a repository on this machine. Not for the network, and not for `merge-tree`: simple-git
 * does not see the exit code where nothing was written to standard error. Throws where the folder is missing.
 */
export function localGit(folder: string, tools: Toolbox): SimpleGit {
  const { variables } = Environment.of("git", tools);
  return simpleGit({
    baseDir: folder,
    binary: tools.find("git"),
    trimmed: false,
    completion: { onClose: true, onExit: false },
    // The guard is against an environment that was inherited; this one is made whole by ourselves.
    allowEnvironment: Object.keys(variables),
    unsafe: { allowUnsafeConfigPaths: true, allowUnsafeTemplateDir: true },
  }).env(variables);
}

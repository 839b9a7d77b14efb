import { type SimpleGit, simpleGit } from "simple-git";
import { Environment } from "../command/environment.ts";
import type { Toolbox } from "../command/toolbox.ts";

/**
 * Git for questions to a repository on this machine. Not for the network, and not for `merge-tree`: simple-git does not
 * see the exit code of a command that wrote nothing to standard error. Throws if the folder is missing.
 */
export function localGit(folder: string, tools: Toolbox): SimpleGit {
  const { variables } = Environment.of("git", tools);
  return simpleGit({
    baseDir: folder,
    binary: tools.find("git"),
    trimmed: false,
    completion: { onClose: true, onExit: false },
    // The guard is for inherited environments; this one is entirely our own.
    allowEnvironment: Object.keys(variables),
    unsafe: { allowUnsafeConfigPaths: true, allowUnsafeTemplateDir: true },
  }).env(variables);
}

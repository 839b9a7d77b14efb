import { type SimpleGit, simpleGit } from "simple-git";
import type { Toolbox } from "../environment/toolbox.ts";
import { localEnvironment } from "./git-environment.ts";

/**
 * Git for questions to a repository on this machine. Not for the network, and not for `merge-tree`: simple-git
 * does not see the exit code where nothing was written to standard error. Throws where the folder is missing.
 */
export function localGit(folder: string, tools: Toolbox): SimpleGit {
  return simpleGit({
    baseDir: folder,
    binary: tools.find("git"),
    trimmed: false,
    completion: { onClose: true, onExit: false },
    // The guard is against an environment that was inherited; this one is made whole by ourselves.
    allowEnvironment: ["GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_GLOBAL"],
    unsafe: { allowUnsafeConfigPaths: true, allowUnsafeTemplateDir: true },
  }).env(localEnvironment(tools));
}

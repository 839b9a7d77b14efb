import type { CommandResult } from "../command/run.ts";
import type { Step } from "../command/step.ts";
import type { Toolbox } from "../environment/toolbox.ts";
import { localEnvironment } from "./git-environment.ts";

/** Runs git on a local repository through the step, where its exit code is the answer. */
export function runLocalGit(
  folder: string,
  args: readonly string[],
  tools: Toolbox,
  step: Step,
): Promise<CommandResult> {
  return step.run({
    file: tools.find("git"),
    args,
    cwd: folder,
    env: { ...localEnvironment(tools), GIT_LFS_SKIP_SMUDGE: "1" },
    capture: true,
    shownAs: ["git", "-C", folder, ...args].join(" "),
  });
}

/** Whether every object that a ref of the repository leads to is there. */
export async function isWhole(bare: string, tools: Toolbox, step: Step): Promise<boolean> {
  const options = ["--connectivity-only", "--no-dangling", "--no-progress"];
  const checked = await runLocalGit(bare, ["fsck", ...options], tools, step);
  return checked.ok || checked.timedOut || checked.cancelled;
}

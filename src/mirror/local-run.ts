import { Environment } from "../command/environment.ts";
import type { CommandResult } from "../command/run.ts";
import type { Step, StepCommand } from "../command/step.ts";
import type { Toolbox } from "../command/toolbox.ts";

/** Runs git on a local repository through the step, for commands whose exit code is the answer. */
export function runLocalGit(
  folder: string,
  args: readonly string[],
  tools: Toolbox,
  step: Step,
  more: Pick<StepCommand, "input" | "keepBytes"> = {},
): Promise<CommandResult> {
  return step.run({
    file: tools.find("git"),
    // `-C`, because no child's working directory is a checkout.
    args: ["-C", folder, ...args],
    cwd: "/",
    env: Environment.of("git", tools),
    capture: true,
    shownAs: ["git", "-C", folder, ...args].join(" "),
    ...more,
  });
}

const SURROUNDINGS =
  /dubious ownership|Permission denied|Cannot allocate memory|Out of memory|Too many open files|unable to create thread|Resource temporarily unavailable|No space left/i;

/**
 * Whether the repository is proven to be damaged: it is not a repository, or the object of a ref is missing. If git
 * could not look (no memory, no permission, no time), nothing is proven.
 */
export async function isDamaged(bare: string, tools: Toolbox, step: Step): Promise<boolean> {
  const options = ["--connectivity-only", "--no-dangling", "--no-progress"];
  const checked = await runLocalGit(bare, ["fsck", ...options], tools, step);
  const looked = checked.exitCode !== null && !checked.timedOut && !checked.cancelled;
  return looked && !checked.ok && !SURROUNDINGS.test(checked.stderr);
}

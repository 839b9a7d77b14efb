import { deadlineIn } from "../command/deadline.ts";
import { Environment } from "../command/environment.ts";
import type { Step } from "../command/step.ts";
import type { Toolbox } from "../command/toolbox.ts";
import { BOUNDS } from "../core/bounds.ts";
import { formatBytes } from "../core/duration.ts";

/** A checkout with more files or bytes is not a recipe but a trap for the disk. */
const { checkoutBytes: MOST_BYTES, checkoutFiles: MOST_FILES } = BOUNDS;
/** Limit of the count, in milliseconds: a tree that contains itself a thousand times over never ends. */
const LIMIT_MS = 10_000;

/**
 * Why a commit is too large to check out, counted before anything is written: a few kilobytes of git can stand for any
 * number of files. Null if it is not.
 */
export async function checkoutProblem(
  folder: string,
  commit: string,
  tools: Toolbox,
  step: Step,
): Promise<string | null> {
  const found = { files: 0, bytes: 0 };
  let rest = "";
  const result = await step.run({
    file: tools.find("git"),
    args: ["ls-tree", "-r", "-z", "--format=%(objectsize)", commit],
    cwd: folder,
    env: Environment.of("git", tools),
    deadline: deadlineIn(step.clock, "the files of a checkout", LIMIT_MS),
    capture: true,
    shownAs: `git ls-tree ${commit}`,
    onOutput: (text) => {
      const sizes = `${rest}${text}`.split("\0");
      rest = sizes.pop() ?? "";
      found.files += sizes.length;
      for (const size of sizes) found.bytes += Number.parseInt(size, 10) || 0;
    },
  });
  const isTooLarge = found.files > MOST_FILES || found.bytes > MOST_BYTES;
  // The count skips folders without files, but a checkout would make them.
  // The step may have ended it before its own limit: then nothing is known of the commit.
  if (result.timedOut && !isTooLarge && step.clock.now() < step.deadline.at)
    return `the files of the commit cannot be counted within ${LIMIT_MS / 1000} s: its folders have no end`;
  if (!isTooLarge) return null;
  const more = result.timedOut ? "more than " : "";
  return `the commit has ${more}${found.files} files of ${formatBytes(found.bytes)}; at most ${MOST_FILES} of ${formatBytes(MOST_BYTES)} are checked out`;
}

import type { Toolbox } from "../command/toolbox.ts";
import { messageOf } from "../fault.ts";
import { localGit } from "./local-git.ts";

/** The paths that differ between two commits of a bare mirror, or git's reason for not knowing. */
export async function changedFiles(
  bare: string,
  from: string,
  to: string,
  tools: Toolbox,
): Promise<{ paths: string[] } | { problem: string }> {
  try {
    const listed = await localGit(bare, tools).raw(["diff-tree", "-r", "-z", "--name-only", from, to]);
    return { paths: listed.split("\0").filter((path) => path !== "") };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

import type { ActResult } from "../core/act.ts";
import { OURS } from "./bare.ts";
import { readAddress } from "./git-address.ts";
import { localGit } from "./local-git.ts";
import { askRepository, type GitMeans } from "./network-git.ts";
import { isRefName } from "./refs.ts";

/** Keeps the last commit that was asked for by hand. */
const ASKED = `${OURS}asked`;

/**
 * The full commit of a ref: a commit's id, a tag, `main`, or a branch of upstream. A commit that the mirror lacks is
 * fetched from upstream under a ref of our own. Null if it is unknown there too.
 */
export async function resolveRef(
  bare: string,
  upstream: string,
  ref: string,
  means: GitMeans,
): Promise<ActResult<string | null>> {
  if (!isRefName(ref)) return { ok: true, value: null };
  const known = await localCommit(bare, ref, means);
  if (known !== null) return { ok: true, value: known };
  const command = {
    verb: "fetch",
    options: ["--quiet", "--no-tags", "--force"],
    after: [`${ref}:${ASKED}`],
    bare,
  };
  const fetched = await askRepository(command, readAddress(upstream), means);
  if (fetched.ok) return { ok: true, value: await localCommit(bare, ASKED, means) };
  const isUnknown = /couldn't find remote ref|not our ref|no such remote ref/i.test(fetched.failure.message);
  return isUnknown ? { ok: true, value: null } : fetched;
}

async function localCommit(bare: string, ref: string, { tools }: GitMeans): Promise<string | null> {
  try {
    const found = await localGit(bare, tools).raw([
      "rev-parse",
      "--verify",
      "--quiet",
      "--end-of-options",
      `${ref}^{commit}`,
    ]);
    return found.trim() === "" ? null : found.trim();
  } catch {
    return null;
  }
}

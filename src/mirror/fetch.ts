import type { Outcome } from "../driver/driver.ts";
import type { Toolbox } from "../environment/toolbox.ts";
import { type BareRefs, MAIN, TAGS, wantedRefs } from "./bare.ts";
import type { GitAddress } from "./git-address.ts";
import { localGit } from "./local-git.ts";
import { askRepository, type GitMeans } from "./network-git.ts";
import type { UpstreamRefs } from "./refs.ts";

/**
 * Removes the tags of a bare mirror that stand in the way of what upstream has now: git can make no `a/b` where
 * there was an `a`, not even when the same fetch deletes it.
 */
export async function clearTheWay(
  bare: string,
  refs: UpstreamRefs,
  found: BareRefs,
  tools: Toolbox,
): Promise<void> {
  const wanted = [...wantedRefs(refs).keys()];
  const stale = [...found.keys()].filter((name) => name.startsWith(TAGS) && !wanted.includes(name));
  for (const name of stale) {
    if (wanted.some((other) => other.startsWith(`${name}/`) || name.startsWith(`${other}/`)))
      await localGit(bare, tools).raw(["update-ref", "-d", name]);
  }
}

/**
 * Brings `main` and all tags of a bare repository to upstream's with one `git fetch`: moved tags are moved,
 * deleted ones go. Refs of our own are outside of what is fetched and pruned.
 */
export async function fetchUpstream(
  bare: string,
  address: GitAddress,
  refs: UpstreamRefs,
  means: GitMeans,
): Promise<Outcome> {
  const command = {
    verb: "fetch",
    options: [
      "--quiet",
      "--atomic",
      "--prune",
      "--no-tags",
      "--no-write-fetch-head",
      "--no-recurse-submodules",
      "--no-show-forced-updates",
    ],
    after: [...mainRefspec(refs), "+refs/tags/*:refs/tags/*"],
    bare,
  };
  const fetched = await askRepository(command, address, means);
  return fetched.ok ? { ok: true, value: undefined } : fetched;
}

function mainRefspec(refs: UpstreamRefs): string[] {
  if (refs.head === null) return [];
  const source = refs.defaultBranch === null ? "HEAD" : `refs/heads/${refs.defaultBranch}`;
  return [`+${source}:${MAIN}`];
}

import { join } from "node:path";
import type { Toolbox } from "../command/toolbox.ts";
import type { ActResult } from "../core/act.ts";
import { listFolder, removeFile } from "../state/files.ts";
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
  const wanted = new Set(wantedRefs(refs).keys());
  const above = new Set([...wanted].flatMap(foldersOf));
  const inTheWay = [...found.keys()].filter(
    (name) =>
      name.startsWith(TAGS) &&
      !wanted.has(name) &&
      (above.has(name) || foldersOf(name).some((folder) => wanted.has(folder))),
  );
  for (let from = 0; from < inTheWay.length; from += AT_ONCE) {
    const names = inTheWay.slice(from, from + AT_ONCE).map((name) => name.slice(TAGS.length));
    await localGit(bare, tools).raw(["tag", "-d", "--", ...names]);
  }
}

/** So many names fit into one command, the longest ones too. */
const AT_ONCE = 1_000;

/** `a/b` and `a` of `a/b/c`. */
function foldersOf(name: string): string[] {
  const words = name.split("/");
  return words.slice(1).map((_, index) => words.slice(0, index + 1).join("/"));
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
): Promise<ActResult> {
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
  removeCutPacks(bare);
  const fetched = await askRepository(command, address, means);
  if (fetched.ok) return { ok: true, value: undefined };
  removeCutPacks(bare);
  return fetched;
}

// What a fetch that ran into its limit had received by then stays with git for two weeks. Whoever holds the state
// folder is alone here: nothing else writes these.
function removeCutPacks(bare: string): void {
  const folder = join(bare, "objects/pack");
  for (const name of listFolder(folder)) if (name.startsWith("tmp_")) removeFile(join(folder, name));
}

function mainRefspec(refs: UpstreamRefs): string[] {
  if (refs.head === null) return [];
  const source = refs.defaultBranch === null ? "HEAD" : `refs/heads/${refs.defaultBranch}`;
  return [`+${source}:${MAIN}`];
}

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
 * Removes tags of a bare mirror that block new ones of upstream: git cannot make `a/b` where `a` existed, not even when
 * the same fetch deletes `a`.
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

/** At most this many names fit into one command, even the longest ones. */
const AT_ONCE = 1_000;

/** `a/b` and `a` of `a/b/c`. */
function foldersOf(name: string): string[] {
  const words = name.split("/");
  return words.slice(1).map((_, index) => words.slice(0, index + 1).join("/"));
}

/**
 * Brings `main` and all tags of a bare repository to upstream's with one `git fetch`: moved tags are moved, deleted
 * ones are removed. Our own refs are neither fetched nor pruned.
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

// Git keeps the data of a fetch that was cut off at its limit for two weeks. The holder of the state folder is alone
// here, so no other process is writing these files.
function removeCutPacks(bare: string): void {
  const folder = join(bare, "objects/pack");
  for (const name of listFolder(folder)) if (name.startsWith("tmp_")) removeFile(join(folder, name));
}

function mainRefspec(refs: UpstreamRefs): string[] {
  if (refs.head === null) return [];
  const source = refs.defaultBranch === null ? "HEAD" : `refs/heads/${refs.defaultBranch}`;
  return [`+${source}:${MAIN}`];
}

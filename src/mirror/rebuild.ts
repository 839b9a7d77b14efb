import { basename, dirname, join } from "node:path";
import type { ActResult } from "../core/act.ts";
import { messageOf } from "../fault.ts";
import { exists, listFolder, moveTree, removeTree } from "../state/files.ts";
import { listRefs, makeBare } from "./bare.ts";
import { fetchUpstream } from "./fetch.ts";
import type { GitAddress } from "./git-address.ts";
import { gitWords } from "./git-words.ts";
import { KEPT, keptVersion } from "./keep.ts";
import { localGit } from "./local-git.ts";
import type { GitMeans } from "./network-git.ts";
import type { Ref, UpstreamRefs } from "./refs.ts";

/**
 * Makes a damaged bare mirror anew beside the old one, takes over the commits of canonicals that can still be read, and
 * swaps the two. If some could not be taken over, the notes name them and the damaged mirror is put aside instead of
 * removed.
 */
export async function rebuildBare(
  bare: string,
  upstream: GitAddress,
  refs: UpstreamRefs,
  why: string,
  means: GitMeans,
): Promise<ActResult<string[]>> {
  const fresh = `${bare}.rebuild`;
  removeTree(fresh);
  await makeBare(fresh, refs, means.tools);
  const fetched = await fetchUpstream(fresh, upstream, refs, means);
  if (!fetched.ok) return fetched;
  const old = exists(bare) ? bare : findDamaged(bare);
  const lost = old === null ? [] : await takeOverKept(old, fresh, means);
  const aside = swap(bare, fresh, means);
  if (lost.length === 0 && aside !== null) removeTree(aside);
  const notes = [`the local mirror was damaged (${why}) and has been rebuilt from upstream`];
  for (const loss of lost) notes.push(`${loss}; the damaged mirror is kept at ${aside ?? old}`);
  for (const note of notes) means.step.warn(note);
  return { ok: true, value: notes };
}

/** The newest damaged mirror that was put aside for this one; null if there is none. */
export function findDamaged(bare: string): string | null {
  const name = listFolder(dirname(bare)).findLast((entry) => entry.startsWith(`${basename(bare)}.damaged-`));
  return name === undefined ? null : join(dirname(bare), name);
}

async function takeOverKept(old: string, fresh: string, means: GitMeans): Promise<string[]> {
  const kept = await listKeptRefs(old, means);
  if (typeof kept === "string") return [`which commits of canonicals it kept cannot be read (${kept})`];
  const lost: string[] = [];
  for (const ref of kept) {
    const problem = await takeOver(ref, old, fresh, means);
    if (problem !== null) lost.push(`the kept commit of ${keptVersion(ref.name)} is lost (${problem})`);
  }
  return lost;
}

async function listKeptRefs(old: string, means: GitMeans): Promise<Ref[] | string> {
  try {
    const refs = await listRefs(old, "%(objectname) %(refname)", means.tools);
    return refs.filter((ref) => ref.name.startsWith(KEPT));
  } catch (error) {
    return gitWords(messageOf(error));
  }
}

async function takeOver(ref: Ref, old: string, fresh: string, means: GitMeans): Promise<string | null> {
  const git = localGit(fresh, means.tools);
  try {
    await git.raw(["update-ref", ref.name, ref.object]);
    return null;
  } catch {
    // Upstream no longer has it: it must come from the damaged mirror.
  }
  try {
    await git.raw([
      "fetch",
      "--quiet",
      "--no-tags",
      "--no-write-fetch-head",
      old,
      `+${ref.name}:${ref.name}`,
    ]);
    return null;
  } catch (error) {
    return gitWords(messageOf(error));
  }
}

// Between the two moves there is no mirror; the next sync finds the damaged one and starts again.
function swap(bare: string, fresh: string, means: GitMeans): string | null {
  const stamp = new Date(means.step.clock.now()).toISOString().replace(/[-:.]/g, "");
  const aside = exists(bare) ? `${bare}.damaged-${stamp}` : null;
  if (aside !== null) moveTree(bare, aside);
  moveTree(fresh, bare);
  return aside;
}

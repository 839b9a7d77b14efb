import { Environment } from "../command/environment.ts";
import type { Step } from "../command/step.ts";
import type { Toolbox } from "../command/toolbox.ts";
import type { ActResult } from "../core/act.ts";
import { messageOf } from "../fault.ts";
import { OURS } from "./bare.ts";
import { gitWords } from "./git-words.ts";
import { localGit } from "./local-git.ts";

/** Namespace that keeps the commits of canonicals in a bare mirror, even if upstream drops their tags. */
export const KEPT = `${OURS}keep/`;

export interface KeptCommit {
  version: string;
  commit: string;
  /** For a lightweight tag, the commit itself. */
  tagObject: string;
}

/**
 * Keeps a canonical's commit and its tag object in the bare mirror under a ref of our own, and reads back that the ref
 * leads to the commit. A version that was kept before now names this commit.
 */
export async function keepCommit(bare: string, kept: KeptCommit, tools: Toolbox): Promise<ActResult> {
  const ref = keptRef(kept.version);
  try {
    const git = localGit(bare, tools);
    if (!isObjectId(kept.commit) || !isObjectId(kept.tagObject)) throw new Error("not the id of an object");
    const peeled = await git.raw(["rev-parse", "--verify", "--quiet", `${kept.tagObject}^{commit}`]);
    if (peeled.trim() !== kept.commit) throw new Error(`${kept.tagObject} does not name that commit`);
    await git.raw(["update-ref", ref, kept.tagObject]);
    const found = await git.raw(["rev-parse", "--verify", `${ref}^{commit}`]);
    if (found.trim() !== kept.commit) throw new Error(`${ref} reads back as ${found.trim()}`);
    return { ok: true, value: undefined };
  } catch (error) {
    const message = `cannot keep ${kept.version} (${kept.commit}) in ${bare}: ${gitWords(messageOf(error))}`;
    return { ok: false, failure: { cause: "machinery", step: "keep", message } };
  }
}

/**
 * Waits until all of a bare mirror is on disk: git syncs neither loose objects nor refs by itself, and the record of a
 * canonical must not outlive its commit.
 */
export async function syncMirrorToDisk(bare: string, tools: Toolbox, step: Step): Promise<ActResult> {
  const args = ["-f", "--", bare];
  const result = await step.run({
    file: tools.find("sync"),
    args,
    cwd: "/",
    env: Environment.of("copying", tools),
  });
  if (result.ok) return { ok: true, value: undefined };
  const why = result.notStarted ?? (result.timedOut ? "it ran into its limit" : `exit ${result.exitCode}`);
  return { ok: false, failure: { cause: "machinery", step: "keep", message: `sync -f ${bare}: ${why}` } };
}

/** Stops keeping the commit of a version; a version that was not kept is not a failure. */
export async function releaseKept(bare: string, version: string, tools: Toolbox): Promise<ActResult> {
  try {
    await localGit(bare, tools).raw(["update-ref", "-d", keptRef(version)]);
    return { ok: true, value: undefined };
  } catch (error) {
    const message = `cannot release ${version} in ${bare}: ${gitWords(messageOf(error))}`;
    return { ok: false, failure: { cause: "machinery", step: "keep", message } };
  }
}

/** Whether the bare mirror has this commit; a tree or a tag does not count. */
export async function hasCommit(bare: string, commit: string, tools: Toolbox): Promise<boolean> {
  if (!isObjectId(commit)) return false;
  try {
    return (await localGit(bare, tools).raw(["cat-file", "-t", commit])).trim() === "commit";
  } catch {
    return false;
  }
}

/** The kept commits of a bare mirror. Throws if it cannot be read. */
export async function listKept(bare: string, tools: Toolbox): Promise<KeptCommit[]> {
  const git = localGit(bare, tools);
  const text = await git.raw(["for-each-ref", "--format=%(objectname) %(refname)", KEPT]);
  const lines = text.split("\n").filter((line) => line !== "");
  return Promise.all(
    lines.map(async (line) => {
      const [tagObject = "", ref = ""] = line.split(" ");
      const commit = (await git.raw(["rev-parse", "--verify", `${ref}^{commit}`])).trim();
      return { version: keptVersion(ref), commit, tagObject };
    }),
  );
}

/**
 * The ref under which a version is kept. Characters with a meaning in refs or paths are percent-encoded, so no version
 * leads out of the folder or takes the place of another.
 */
export function keptRef(version: string): string {
  const escaped = encodeURIComponent(version)
    .replace(/[!'()*~]/g, (character) => percent(character))
    .replace(/^\.|\.(?=\.|$|lock$)/g, "%2E");
  return KEPT + escaped;
}

/** The version in a ref of `keptRef`. */
export function keptVersion(ref: string): string {
  return decodeURIComponent(ref.slice(KEPT.length));
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function isObjectId(text: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

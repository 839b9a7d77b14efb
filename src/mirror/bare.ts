import { join } from "node:path";
import { GitError } from "simple-git";
import type { Toolbox } from "../command/toolbox.ts";
import { ensureFolder, exists, moveTree, removeTree } from "../state/files.ts";
import { gitWords } from "./git-words.ts";
import { localGit } from "./local-git.ts";
import type { Ref, UpstreamRefs } from "./refs.ts";

export const MAIN = "refs/heads/main";
export const TAGS = "refs/tags/";
/** Our own refs in a bare mirror: never fetched, never pruned, never pushed. */
export const OURS = "refs/canonical-sweep/";

/** The refs of a bare mirror: names and objects. */
export type BareRefs = ReadonlyMap<string, string>;

export type BareReading =
  | { state: "absent" }
  | { state: "read"; refs: BareRefs }
  /** `proven` if an earlier look found objects missing; otherwise git merely could not read it. */
  | { state: "damaged"; problem: string; proven: boolean };

/**
 * Reads all refs of a bare repository with one child. It also opens the object of each ref, which reveals a ref to a
 * lost object.
 */
export async function readBare(bare: string, tools: Toolbox): Promise<BareReading> {
  if (!exists(bare)) return { state: "absent" };
  if (exists(damageMark(bare)))
    return { state: "damaged", problem: "a checkout from it found objects missing", proven: true };
  try {
    const refs = await listRefs(bare, "%(objectname) %(objecttype) %(refname)", tools);
    return { state: "read", refs: new Map(refs.map((ref) => [ref.name, ref.object])) };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return { state: "damaged", problem: gitWords(error.message), proven: false };
  }
}

/**
 * Reads refs with `git for-each-ref`: `format` begins with the object and ends with the name. Throws with git's words.
 */
export async function listRefs(bare: string, format: string, tools: Toolbox): Promise<Ref[]> {
  const text = await localGit(bare, tools).raw(["for-each-ref", `--format=${format}`]);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split(" "))
    .map((fields) => ({ object: fields[0] ?? "", name: fields.at(-1) ?? "" }));
}

/** Makes an empty bare repository, whole or not at all: no hooks, `main` as its branch, upstream's object format. */
export async function makeBare(bare: string, refs: UpstreamRefs, tools: Toolbox): Promise<void> {
  const unfinished = `${bare}.new`;
  removeTree(unfinished);
  ensureFolder(unfinished);
  const id = refs.head ?? refs.tags[0]?.object ?? "";
  const format = `--object-format=${id.length === 64 ? "sha256" : "sha1"}`;
  const options = ["--bare", "--quiet", "--template=", "--initial-branch=main", format];
  await localGit(unfinished, tools).raw(["init", ...options]);
  moveTree(unfinished, bare);
}

/** The file in a bare mirror that asks the next sync to rebuild it. */
export function damageMark(bare: string): string {
  return join(bare, "canonical-sweep-damaged");
}

/** The refs of a faithful copy. `main` is missing if upstream's default branch has no commit. */
export function wantedRefs(refs: UpstreamRefs): Map<string, string> {
  const wanted = new Map(refs.tags.map((tag) => [TAGS + tag.name, tag.object]));
  if (refs.head !== null) wanted.set(MAIN, refs.head);
  return wanted;
}

/** The names of tags, and `main`, that differ from those wanted, including superfluous tags. */
export function differences(wanted: BareRefs, found: BareRefs): string[] {
  const wrong = [...wanted].filter(([name, object]) => found.get(name) !== object).map(([name]) => name);
  const extra = [...found.keys()].filter((name) => name.startsWith(TAGS) && !wanted.has(name));
  return [...wrong, ...extra];
}

/** The first few of the differing refs, for people. */
export function shownRefs(names: readonly string[]): string {
  const few = names.slice(0, 5).map((name) => name.replace(/^refs\/(heads|tags)\//, ""));
  return names.length > few.length
    ? `${few.join(", ")} and ${names.length - few.length} more`
    : few.join(", ");
}

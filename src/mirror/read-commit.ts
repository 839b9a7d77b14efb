import { randomBytes } from "node:crypto";
import type { CommandResult } from "../command/run.ts";
import type { Step } from "../command/step.ts";
import type { Toolbox } from "../command/toolbox.ts";
import { type ActResult, fail } from "../core/act.ts";
import { BOUNDS } from "../core/bounds.ts";
import { messageOf } from "../fault.ts";
import { gitFailure } from "./git-words.ts";
import { localGit } from "./local-git.ts";
import { runLocalGit } from "./local-run.ts";

/** A bare repository to read from, within the limits of a step. */
export interface Repository {
  bare: string;
  tools: Toolbox;
  step: Step;
}

/** A file of a commit. */
export interface CommitFile {
  path: string;
  /** Git's id of the content. */
  object: string;
  isLink: boolean;
  bytes: number;
}

/** Whether a bare repository has all of these commits; false on any trouble. */
export async function hasCommits(repository: Repository, commits: readonly string[]): Promise<boolean> {
  const input = commits.map((commit) => `${commit}\n`).join("");
  const looked = await runGit(repository, ["cat-file", "--batch-check=%(objecttype)"], input);
  const types = looked.stdout.split("\n").filter((line) => line !== "");
  return looked.ok && types.length === commits.length && types.every((type) => type === "commit");
}

/** The files of a commit by path, without submodules. Checks nothing out. */
export async function listCommit(repository: Repository, commit: string): Promise<ActResult<CommitFile[]>> {
  const format = "%(objectmode) %(objectname) %(objectsize) %(path)";
  const args = ["ls-tree", "-r", "-z", "--full-tree", `--format=${format}`, commit];
  const listed = await runGit(repository, args, "");
  if (!listed.ok) return { ok: false, failure: gitFailure("git ls-tree", listed, repository.step.deadline) };
  if (!listed.isWhole) return fail("refused", "look", `the commit ${commit} has too many files to be read`);
  const entries = listed.stdout.split("\0").map((line) => /^(\d+) (\w+) +(\d+) (.*)$/s.exec(line));
  const files = entries.flatMap((entry): CommitFile[] => {
    const [, mode = "", object = "", bytes = "", path = ""] = entry ?? [];
    return entry === null ? [] : [{ path, object, isLink: mode === "120000", bytes: Number(bytes) }];
  });
  return { ok: true, value: files };
}

/** Every content of a file in these commits, each once, with one of its paths. */
export async function listContents(
  repository: Repository,
  commits: readonly string[],
): Promise<ActResult<{ path: string; object: string }[]>> {
  const input = commits.map((commit) => `${commit}\n`).join("");
  const listed = await runGit(repository, ["rev-list", "--objects", "--no-walk", "--stdin"], input);
  if (!listed.ok) return { ok: false, failure: gitFailure("git rev-list", listed, repository.step.deadline) };
  if (!listed.isWhole) return fail("refused", "look", "the releases have too many files to be read");
  const contents = listed.stdout.split("\n").flatMap((line) => {
    const at = line.indexOf(" ");
    return at < 0 || at === line.length - 1 ? [] : [{ object: line.slice(0, at), path: line.slice(at + 1) }];
  });
  return { ok: true, value: contents };
}

/** The contents with these ids, as text. Fails if they are too large to be read at once. */
export async function readContents(
  repository: Repository,
  objects: readonly string[],
): Promise<ActResult<Map<string, string>>> {
  if (objects.length === 0) return { ok: true, value: new Map() };
  // A content cannot hold this random mark, so none can pass for the start of another.
  const mark = randomBytes(16).toString("hex");
  const input = objects.map((object) => `${object}\n`).join("");
  const read = await runGit(repository, ["cat-file", `--batch=${mark} %(objectname)`], input);
  if (!read.ok) return { ok: false, failure: gitFailure("git cat-file", read, repository.step.deadline) };
  if (!read.isWhole) return fail("refused", "look", "the release's files are too long to be read");
  const parts = `\n${read.stdout}`.split(`\n${mark} `).slice(1);
  const contents = parts.map((part, index): [string, string] => {
    const begin = part.indexOf("\n") + 1;
    // Git adds a line break after each content; splitting removed it from all but the last.
    return [part.slice(0, begin - 1), part.slice(begin, index === parts.length - 1 ? -1 : undefined)];
  });
  return { ok: true, value: new Map(contents) };
}

function runGit(
  { bare, tools, step }: Repository,
  args: readonly string[],
  input: string,
): Promise<CommandResult> {
  return runLocalGit(bare, args, tools, step, { input, keepBytes: BOUNDS.releaseBytes });
}

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

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** Content of a file; null deletes it. */
export type FileContent = string | Buffer | { content: string; mode: "100755" | "120000" } | null;

/** A real bare repository that plays upstream: every act is one git process, with fixed author and dates. */
export interface Upstream {
  /** The bare repository, absolute. */
  folder: string;
  /** `file://…`. */
  url: string;
  branch: string;
  /** Adds a commit to the default branch (or to another one) and returns its id. */
  commit(files: Readonly<Record<string, FileContent>>, options?: CommitOptions): string;
  /** Makes or moves a tag, annotated unless said otherwise, at the branch's tip unless said otherwise. */
  tag(name: string, options?: TagOptions): { object: string; commit: string };
  deleteTag(name: string): void;
  /** `git` with these arguments in the bare repository; returns what it prints, trimmed. */
  git(...args: string[]): string;
  /** All refs by name. */
  refs(): Map<string, string>;
}

export interface CommitOptions {
  message?: string;
  branch?: string;
  /** Begins the branch here instead of at its tip; `none`: a commit without a parent. */
  from?: string;
}

export interface TagOptions {
  lightweight?: boolean;
  at?: string;
  message?: string;
}

const FIRST_DATE = 1_750_000_000;

/** The environment of git in tests: nothing of the machine's own configuration. */
export const TEST_GIT_ENVIRONMENT = {
  PATH: "/usr/local/bin:/usr/bin:/bin",
  HOME: "/nonexistent",
  LANG: "C",
  LC_ALL: "C",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_TERMINAL_PROMPT: "0",
};

export function createUpstream(folder: string, branch = "main"): Upstream {
  mkdirSync(folder, { recursive: true });
  const git = (args: readonly string[], input?: string | Buffer) =>
    execFileSync("git", args, {
      cwd: folder,
      env: TEST_GIT_ENVIRONMENT,
      encoding: "utf8",
      stdio: ["pipe", "pipe", "pipe"],
      ...(input === undefined ? {} : { input }),
    }).trim();
  git(["init", "--quiet", "--bare", "--template=", `--initial-branch=${branch}`]);
  let acts = 0;
  const importStream = (stream: string) =>
    git(["fast-import", "--quiet", "--force"], Buffer.from(stream, "latin1"));
  const nextDate = () => FIRST_DATE + 3600 * acts++;
  const tipOf = (name: string) => git(["rev-parse", "--verify", "--quiet", `refs/heads/${name}^{commit}`]);
  const hasBranch = (name: string) => git(["for-each-ref", `refs/heads/${name}`]) !== "";

  return {
    folder,
    url: `file://${folder}`,
    branch,
    commit: (files, options = {}) => {
      const target = options.branch ?? branch;
      const from = options.from ?? (hasBranch(target) ? tipOf(target) : "none");
      return importStream(commitStream(files, target, from, options.message ?? "Change", nextDate()));
    },
    tag: (name, options = {}) => {
      const commit = git(["rev-parse", "--verify", `${options.at ?? tipOf(branch)}^{commit}`]);
      if (options.lightweight) git(["update-ref", `refs/tags/${name}`, commit]);
      else importStream(tagStream(name, commit, options.message ?? `Release ${name}`, nextDate()));
      return { object: git(["rev-parse", "--verify", `refs/tags/${name}`]), commit };
    },
    deleteTag: (name) => {
      git(["update-ref", "-d", `refs/tags/${name}`]);
    },
    git: (...args) => git(args),
    refs: () => readRefs(folder),
  };
}

/** Copies an upstream under other names: many repositories for the price of one. */
export function copyUpstream(upstream: Upstream, folders: readonly string[]): void {
  for (const folder of folders) {
    mkdirSync(dirname(folder), { recursive: true });
    cpSync(upstream.folder, folder, { recursive: true });
  }
}

/** All refs of a repository by name, with the object (not peeled) that each names. */
export function readRefs(folder: string): Map<string, string> {
  const text = execFileSync("git", ["for-each-ref", "--format=%(objectname) %(refname)"], {
    cwd: folder,
    env: TEST_GIT_ENVIRONMENT,
    encoding: "utf8",
  });
  const lines = text.split("\n").filter((line) => line !== "");
  return new Map(lines.map((line) => [line.slice(line.indexOf(" ") + 1), line.slice(0, line.indexOf(" "))]));
}

function commitStream(
  files: Readonly<Record<string, FileContent>>,
  branch: string,
  from: string,
  message: string,
  date: number,
): string {
  const parent = from === "none" ? "" : `from ${from}\n`;
  const begin = from === "none" ? `reset refs/heads/${bytesOf(branch)}\n` : "";
  const changes = Object.entries(files).map(([path, content]) => changeOf(path, content));
  return (
    `feature done\n${begin}commit refs/heads/${bytesOf(branch)}\nmark :1\n${identity("author", date)}` +
    `${identity("committer", date)}${data(message)}${parent}${changes.join("")}\nget-mark :1\ndone\n`
  );
}

function changeOf(path: string, content: FileContent): string {
  if (content === null) return `D ${JSON.stringify(path)}\n`;
  const isPlain = typeof content === "string" || Buffer.isBuffer(content);
  const [text, mode] = isPlain ? [content, "100644"] : [content.content, content.mode];
  return `M ${mode} inline ${bytesOf(JSON.stringify(path))}\n${data(text)}`;
}

function tagStream(name: string, commit: string, message: string, date: number): string {
  return `feature done\ntag ${bytesOf(name)}\nfrom ${commit}\n${identity("tagger", date)}${data(message)}done\n`;
}

function identity(role: string, date: number): string {
  return `${role} Upstream <upstream@example.org> ${date} +0000\n`;
}

function data(text: string | Buffer): string {
  return `data ${Buffer.byteLength(text)}\n${bytesOf(text)}\n`;
}

// A stream has a character for each byte: a file may be no text.
function bytesOf(text: string | Buffer): string {
  return Buffer.from(text).toString("latin1");
}

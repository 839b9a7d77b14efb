import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ExecaError, execa } from "execa";
import semver from "semver";
import { released, sectionOf } from "./changelog.ts";

export interface ReleaseOptions {
  version: string;
  /** The repository's folder, with `main` checked out. */
  folder: string;
  /** The day of the release, `YYYY-MM-DD`. */
  today: string;
  /** What has to end with 0 before anything is released: a command and its arguments. */
  check: readonly [string, ...string[]];
  /** Says each step and changes nothing. The check is not run. */
  dryRun: boolean;
  say(line: string): void;
}

/** A reason not to release, in the words of the next step. */
export class Refusal extends Error {}

/**
 * Makes a release: check, commit, tag, package, notes. A step that is done already is skipped, so a release that was
 * interrupted is finished by the same command. Nothing is pushed.
 */
export async function release(options: ReleaseOptions): Promise<void> {
  await refuseUnfit(options);
  const tag = await readTag(options);
  if (tag !== null && !(await isItsRelease(options, tag.commit)))
    throw new Refusal(
      `${tagOf(options)} is the commit ${tag.commit}: check its release out as main, or release a newer version`,
    );
  if (tag !== null && !tag.isAnnotated)
    throw new Refusal(
      `${tagOf(options)} is a lightweight tag: git tag --delete ${tagOf(options)}, and release again`,
    );
  if (!(await isCommitted(options))) await commitRelease(options);
  if (tag === null) await tagRelease(options);
  await packRelease(options);
  options.say(
    `to publish: git push origin main ${tagOf(options)}, then attach both files to the release on the forge`,
  );
}

async function refuseUnfit(options: ReleaseOptions): Promise<void> {
  const { version } = options;
  if (semver.valid(version) !== version) throw new Refusal(`'${version}' is no version such as 1.2.3`);
  const branch = await git(options, "rev-parse", "--abbrev-ref", "HEAD");
  if (branch !== "main")
    throw new Refusal(`a release is made on main, and this is ${branch}: git switch main`);
  const changes = await git(options, "status", "--porcelain", "--untracked-files=all");
  if (changes !== "") throw new Refusal(`commit or undo these changes first:\n${changes}`);
  // `files` of package.json packs what git ignores, too.
  const ignored = await git(
    options,
    "ls-files",
    "--others",
    "--ignored",
    "--exclude-standard",
    "--",
    ...PACKED,
  );
  if (ignored !== "")
    throw new Refusal(`these files would be packed, and git ignores them: remove\n${ignored}`);
  await git(options, "var", "GIT_COMMITTER_IDENT");
}

/** The folders of `files` in package.json that no build makes. */
const PACKED = ["docs", "systemd"];

/** Whether HEAD is the release already. A later commit is not: it may have changes that the version does not name. */
async function isCommitted(options: ReleaseOptions): Promise<boolean> {
  const { folder, version } = options;
  if (!refusing(() => sectionOf(read(folder, "CHANGELOG.md"), version))?.date) return false;
  if ((await git(options, "log", "-1", "--format=%s")) === subjectOf(options)) return true;
  throw new Refusal(
    `CHANGELOG.md has ${version} already, and main went on since: tag the commit '${subjectOf(options)}', or release a newer version`,
  );
}

function subjectOf({ version }: ReleaseOptions): string {
  return `Release ${version}`;
}

async function commitRelease(options: ReleaseOptions): Promise<void> {
  const { folder, say, version } = options;
  const before = versionIn(folder);
  if (semver.lt(version, before))
    throw new Refusal(`${version} is older than ${before}, the version in package.json`);
  const files = releasedFiles(options);
  await runCheck(options);
  say(`commit: version ${version} in package.json and package-lock.json, its section in CHANGELOG.md`);
  if (options.dryRun) return;
  // The commit is made beside the working tree, and taken over as a whole: an interrupt leaves nothing half done.
  const commit = await commitFiles(options, files);
  await git(options, "merge", "--ff-only", "--quiet", commit);
}

function releasedFiles({ folder, today, version }: ReleaseOptions): Map<string, string> {
  const manifest = JSON.parse(read(folder, "package.json"));
  const lock = JSON.parse(read(folder, "package-lock.json"));
  manifest.version = version;
  lock.version = version;
  lock.packages[""].version = version;
  return new Map([
    ["package.json", `${JSON.stringify(manifest, null, 2)}\n`],
    ["package-lock.json", `${JSON.stringify(lock, null, 2)}\n`],
    ["CHANGELOG.md", refusing(() => released(read(folder, "CHANGELOG.md"), version, today))],
  ]);
}

/** Runs the check once for each commit: a release that was interrupted later does not wait for it again. */
async function runCheck(options: ReleaseOptions): Promise<void> {
  const { check, dryRun, folder, say } = options;
  const noted = resolve(folder, await git(options, "rev-parse", "--git-path", "release-checked"));
  const head = await headOf(options);
  if (readOr(noted, "") === head) return say("check: passed before, for this commit");
  say(`check: ${check.join(" ")}`);
  if (dryRun) return;
  const [command, ...args] = check;
  const { exitCode } = await execa(command, args, { cwd: folder, stdio: "inherit", reject: false });
  if (exitCode !== 0) throw new Refusal(`${check.join(" ")} failed: mend it, and release again`);
  // The check may have taken long, and somebody may have committed meanwhile.
  if ((await headOf(options)) !== head) throw new Refusal("main moved during the check: release again");
  await refuseUnfit(options);
  writeFileSync(noted, head);
}

/** A commit of HEAD with these files instead, made with an index of its own. Returns its id. */
async function commitFiles(options: ReleaseOptions, files: ReadonlyMap<string, string>): Promise<string> {
  const index = await git(options, "rev-parse", "--git-path", "release-index");
  const withIndex = { GIT_INDEX_FILE: resolve(options.folder, index) };
  const call = (args: string[], input = "") => gitWith(options, args, { env: withIndex, input });
  await call(["read-tree", "HEAD"]);
  for (const [path, text] of files) {
    const blob = await call(["hash-object", "-w", "--stdin"], text);
    await call(["update-index", "--cacheinfo", `100644,${blob},${path}`]);
  }
  const tree = await call(["write-tree"]);
  return call(["commit-tree", tree, "-p", "HEAD", "-m", subjectOf(options)]);
}

async function tagRelease(options: ReleaseOptions): Promise<void> {
  const tag = tagOf(options);
  options.say(`tag: ${tag}`);
  if (options.dryRun) return;
  const message = `canonical-sweep ${options.version}\n\n${notesOf(options)}\n`;
  await gitWith(options, ["tag", "--annotate", "--cleanup=verbatim", "--file=-", tag], { input: message });
}

/** Writes package and notes below `releases/`, each complete from its first moment. */
async function packRelease(options: ReleaseOptions): Promise<void> {
  const { dryRun, folder, say, version } = options;
  const goal = join(folder, "releases");
  say(`package and notes: releases/canonical-sweep-${version}.{tgz,md}`);
  if (dryRun) return say(`\n${notesOf(options)}\n`);
  const made = join(goal, ".making");
  // One that was killed may have left it.
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made, { recursive: true });
  try {
    await execa("npm", ["pack", "--silent", "--pack-destination", made], { cwd: folder });
    writeFileSync(join(made, `canonical-sweep-${version}.md`), `${notesOf(options)}\n`);
    for (const name of readdirSync(made)) renameSync(join(made, name), join(goal, name));
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/** The section of this version; before its commit the one that will become it. */
function notesOf({ folder, today, version }: ReleaseOptions): string {
  const changelog = read(folder, "CHANGELOG.md");
  const dated = sectionOf(changelog, version)?.date
    ? changelog
    : refusing(() => released(changelog, version, today));
  return sectionOf(dated, version)?.body ?? "";
}

function refusing<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new Refusal(error instanceof Error ? error.message : String(error));
  }
}

function tagOf({ version }: ReleaseOptions): string {
  return `v${version}`;
}

function versionIn(folder: string): string {
  return JSON.parse(read(folder, "package.json")).version;
}

function headOf(options: ReleaseOptions): Promise<string> {
  return git(options, "rev-parse", "HEAD");
}

interface Tag {
  commit: string;
  isAnnotated: boolean;
}

async function readTag(options: ReleaseOptions): Promise<Tag | null> {
  const format = "--format=%(objectname) %(*objectname)";
  const found = await git(options, "for-each-ref", format, `refs/tags/${tagOf(options)}`);
  const [object = "", commit = ""] = found.trim().split(" ");
  if (object === "") return null;
  return { commit: commit === "" ? object : commit, isAnnotated: commit !== "" };
}

async function isItsRelease(options: ReleaseOptions, commit: string): Promise<boolean> {
  return commit === (await headOf(options)) && (await isCommitted(options));
}

function git(options: ReleaseOptions, ...args: string[]): Promise<string> {
  return gitWith(options, args, {});
}

async function gitWith(
  { folder }: ReleaseOptions,
  args: readonly string[],
  { env = {}, input = "" }: { env?: Record<string, string>; input?: string },
): Promise<string> {
  try {
    return (await execa("git", args, { cwd: folder, env, input })).stdout;
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    throw new Refusal(`git ${args[0]}: ${error.stderr || error.shortMessage}`);
  }
}

function read(folder: string, name: string): string {
  return readFileSync(join(folder, name), "utf8");
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return otherwise;
  }
}

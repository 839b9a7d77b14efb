import type { Step } from "../command/step.ts";
import { messageOf } from "../fault.ts";
import { type ForgeRepository, openGitea, type PullRequest } from "../forge/gitea.ts";
import { repositoryName } from "../forge/repository-name.ts";
import { OURS } from "./bare.ts";
import { localGit } from "./local-git.ts";
import { runLocalGit } from "./local-run.ts";
import { askRepository, type GitMeans } from "./network-git.ts";
import type { OpenMirror } from "./push.ts";
import type { UpstreamRefs } from "./refs.ts";

export interface ClosedPullRequests {
  closed: { number: number; title: string }[];
  /** Refusals and missing answers of the forge: never a reason to distrust the mirror. */
  notes: string[];
}

/** The `main` for which the pull requests were last looked at: one look for each, also after a kill. */
const LOOKED_AT = `${OURS}pull-requests-looked-at`;

/**
 * Closes those pull requests of the mirror into `main` that would no longer change anything, each with a comment that
 * says so. Looks once for each new `main`; all others are left alone.
 */
export async function closePullRequests(
  bare: string,
  mirror: OpenMirror,
  refs: UpstreamRefs,
  means: GitMeans,
): Promise<ClosedPullRequests> {
  const result: ClosedPullRequests = { closed: [], notes: [] };
  if (mirror.forge === null || refs.head === null) return result;
  try {
    const git = localGit(bare, means.tools);
    const lookedAt = await git.raw(["for-each-ref", "--format=%(objectname)", LOOKED_AT]);
    if (lookedAt.trim() === refs.head) return result;
    const name = repositoryName(mirror.address.url);
    const timeoutMs = means.environment.timeoutMs;
    const repository = openGitea({ ...mirror.forge, signal: whileInTime(means.step), timeoutMs }, name);
    await closeAll({ repository, bare, mirror, main: refs.head, means }, result);
    if (result.notes.length === 0) await git.raw(["update-ref", LOOKED_AT, refs.head]);
  } catch (error) {
    result.notes.push(`the pull requests of the mirror were not looked at: ${messageOf(error)}`);
  }
  for (const note of result.notes) means.step.warn(note);
  return result;
}

// Each request has its own limit; the end of the sync bounds hundreds of them.
function whileInTime({ clock, deadline, signal }: Step): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(Math.max(0, deadline.at - clock.now()))]);
}

async function closeAll(judging: Judging, result: ClosedPullRequests): Promise<void> {
  const pulls = await judging.repository.listOpenPullRequests();
  for (const pull of pulls.filter((each) => each.base === "main")) {
    const end = await judge(pull, judging);
    if (end === "closed") result.closed.push({ number: pull.number, title: pull.title });
    else if (end !== null) result.notes.push(end);
  }
}

interface Judging {
  repository: ForgeRepository;
  bare: string;
  mirror: OpenMirror;
  main: string;
  means: GitMeans;
}

/** Returns `closed`, null for a request that is left alone, or why it could not be judged. */
async function judge(pull: PullRequest, judging: Judging): Promise<"closed" | string | null> {
  try {
    if (!(await changesNothing(pull, judging))) return null;
    const now = await judging.repository.getPullRequest(pull.number);
    if (!now.isOpen || now.head !== pull.head || now.base !== pull.base) return null;
    await closeWithComment(pull, judging);
    return "closed";
  } catch (error) {
    return `pull request ${pull.number} of the mirror: ${messageOf(error)}`;
  }
}

async function closeWithComment(pull: PullRequest, judging: Judging): Promise<void> {
  const { repository, main, means } = judging;
  const mark = `<!-- canonical-sweep: changes nothing on ${main} -->`;
  const comments = await repository.listComments(pull.number);
  if (!comments.some((comment) => comment.includes(mark)))
    await repository.comment(pull.number, `${commentOn(main)}\n\n${mark}`);
  await repository.closePullRequest(pull.number);
  means.step.say(`closed pull request ${pull.number} of the mirror: it changes nothing`);
}

function commentOn(main: string): string {
  return (
    `\`main\` now is upstream's ${main.slice(0, 12)}. Merging this pull request into it would change nothing, ` +
    "so it is closed. Its branch and commits are left as they are; reopen it if there is more to come."
  );
}

/** Whether merging the head into `main` gives the tree that `main` already has. A conflict is a change. */
async function changesNothing(pull: PullRequest, judging: Judging): Promise<boolean> {
  const { bare, mirror, main, means } = judging;
  const ref = `${OURS}pull/${pull.number}`;
  const command = {
    verb: "fetch",
    options: ["--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"],
    after: [`+refs/pull/${pull.number}/head:${ref}`],
    bare,
  };
  const fetched = await askRepository(command, mirror.address, means);
  if (!fetched.ok) throw new Error(fetched.failure.message);
  try {
    const git = localGit(bare, means.tools);
    if ((await git.raw(["rev-parse", "--verify", ref])).trim() !== pull.head) return false;
    const tree = (await git.raw(["rev-parse", "--verify", `${main}^{tree}`])).trim();
    const merged = await runLocalGit(
      bare,
      ["merge-tree", "--write-tree", "--no-messages", main, ref],
      means.tools,
      means.step,
    );
    return merged.ok && merged.stdout.trim() === tree;
  } finally {
    await localGit(bare, means.tools).raw(["update-ref", "-d", ref]);
  }
}

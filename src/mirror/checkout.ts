import type { CommandResult } from "../command/run.ts";
import type { Step } from "../command/step.ts";
import type { Toolbox } from "../command/toolbox.ts";
import { type ActResult, type Failure, refuseFor } from "../core/act.ts";
import { leadsOut } from "../state/contained-file.ts";
import { ensureFolder, writeCache } from "../state/files.ts";
import { damageMark } from "./bare.ts";
import { checkoutProblem } from "./checkout-limits.ts";
import { gitFailure, gitWords } from "./git-words.ts";
import { isDamaged, runLocalGit } from "./local-run.ts";

/**
 * Makes a fresh clean checkout of a commit in `into` (absent or empty): detached, with its own `.git`, all tags, and
 * the bare mirror as `origin`. Reads back that HEAD is the commit and that nothing is changed.
 *
 * No hooks run and no submodule is fetched. Files of git-lfs stay pointers, with a warning, because a mirror does not
 * hold them. Symbolic links stay links; one that leads out of the checkout is refused.
 */
export async function checkOut(
  bare: string,
  commit: string,
  into: string,
  tools: Toolbox,
  step: Step,
): Promise<ActResult> {
  if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(commit))
    return refuse(`not the id of a commit: ${JSON.stringify(commit)}`);
  const problem = await checkoutProblem(bare, commit, tools, step);
  if (problem !== null) return refuseContent(problem);
  ensureFolder(into);
  const run = (args: readonly string[]) => runLocalGit(into, args, tools, step);
  const done = await makeCheckout(bare, commit, into, run, step);
  if (done.ok || !MAY_BE_DAMAGE.includes(done.failure.cause)) return done;
  if (!(await isDamaged(bare, tools, step))) return done;
  const failure: Failure = { ...done.failure, cause: "machinery" };
  writeCache(damageMark(bare), `${failure.message}\n`);
  const message = `the local mirror ${bare} is damaged and will be rebuilt at the next sync: ${failure.message}`;
  return { ok: false, failure: { ...failure, message } };
}

/** Git's words for a file that it refuses to make: the commit is at fault, on any machine. */
const UNUSABLE_NAME = /invalid path '|File name too long|'[^']{255}/;

/** Git's exit code after `fatal:`. */
const FATAL = 128;

/** Causes for which a failed checkout may be the fault of the commit, or of a mirror that lacks a part of it. */
const MAY_BE_DAMAGE: readonly Failure["cause"][] = ["machinery", "refused"];

type RunGit = (args: readonly string[]) => Promise<CommandResult>;

async function makeCheckout(
  bare: string,
  commit: string,
  into: string,
  run: RunGit,
  step: Step,
): Promise<ActResult> {
  const clone = ["clone", "--quiet", "--no-checkout", "--no-hardlinks", "--template=", "--", bare, "."];
  for (const args of [clone, ["checkout", "--quiet", "--detach", commit, "--"]]) {
    const done = await run(args);
    if (done.ok) continue;
    const failure = gitFailure(`git ${args[0]}`, done, step.deadline);
    return UNUSABLE_NAME.test(done.stderr) ? refuseContent(failure.message) : { ok: false, failure };
  }
  return verify(commit, into, run, step);
}

async function verify(commit: string, into: string, run: RunGit, step: Step): Promise<ActResult> {
  const head = await run(["rev-parse", "--verify", "HEAD"]);
  if (head.stdout.trim() !== commit) return refuse(`HEAD is ${head.stdout.trim()} instead of ${commit}`);
  const status = await run(["status", "--porcelain", "--untracked-files=all", "--ignored=matching"]);
  // The checkout is new: if git cannot read it, the commit's own `.gitmodules` or `.gitattributes` is at fault.
  if (status.exitCode === FATAL) return refuseContent(gitWords(status.stderr));
  if (!status.ok) return { ok: false, failure: gitFailure("git status", status, step.deadline) };
  if (status.stdout !== "")
    return refuseContent(`the fresh checkout of ${commit} is not clean: ${status.stdout.trim()}`);
  const outside = await linksOut(into, run);
  if (outside.length > 0) return refuseContent(`a link leads out of the checkout: ${shownPaths(outside)}`);
  const pointers = await run(["ls-files", "--", ":(top,attr:filter=lfs)"]);
  const files = pointers.stdout.split("\n").filter((line) => line !== "");
  if (files.length > 0)
    step.warn(`${files.length} files are kept in git-lfs and stay pointers: ${files[0]} …`);
  return { ok: true, value: undefined };
}

// Reading or writing through such a link would reach the host's files, or those of another recipe.
async function linksOut(into: string, run: RunGit): Promise<string[]> {
  const listed = await run(["ls-files", "--stage", "-z"]);
  const links = listed.stdout.split("\0").filter((entry) => entry.startsWith("120000 "));
  return links.map((entry) => entry.slice(entry.indexOf("\t") + 1)).filter((path) => leadsOut(into, path));
}

function shownPaths(paths: readonly string[]): string {
  const first = JSON.stringify(paths[0]?.slice(0, 100));
  return paths.length === 1 ? first : `${first} and ${paths.length - 1} more`;
}

function refuseContent(message: string): ActResult {
  return refuseFor("checkout", { code: "checkout", detail: message });
}

function refuse(message: string): ActResult {
  return { ok: false, failure: { cause: "machinery", step: "checkout", message } };
}

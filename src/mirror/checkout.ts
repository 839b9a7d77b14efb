import type { CommandResult } from "../command/run.ts";
import type { Step } from "../command/step.ts";
import type { Outcome } from "../driver/driver.ts";
import type { Toolbox } from "../environment/toolbox.ts";
import { ensureFolder, writeCache } from "../state/files.ts";
import { damageMark } from "./bare.ts";
import { gitFailure } from "./git-words.ts";
import { isDamaged, runLocalGit } from "./local-run.ts";

/**
 * Makes a fresh clean checkout of a commit in `into` (absent or empty): detached, with its own `.git`, all
 * tags, and the bare mirror as `origin`, and reads back that HEAD is the commit and nothing is changed.
 *
 * No hooks run and no submodule is fetched. Files of git-lfs stay pointers, because a mirror holds no such
 * files: that is said as a warning. Symbolic links stay links; git writes nothing through them.
 */
export async function checkOut(
  bare: string,
  commit: string,
  into: string,
  tools: Toolbox,
  step: Step,
): Promise<Outcome> {
  if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(commit))
    return refuse(`not the id of a commit: ${JSON.stringify(commit)}`);
  ensureFolder(into);
  const run = (args: readonly string[]) => runLocalGit(into, args, tools, step);
  const done = await makeCheckout(bare, commit, run, step);
  if (done.ok || done.failure.cause !== "machinery" || !(await isDamaged(bare, tools, step))) return done;
  const { failure } = done;
  writeCache(damageMark(bare), `${failure.message}\n`);
  const message = `the local mirror ${bare} is damaged and will be rebuilt at the next sync: ${failure.message}`;
  return { ok: false, failure: { ...failure, message } };
}

type RunGit = (args: readonly string[]) => Promise<CommandResult>;

async function makeCheckout(bare: string, commit: string, run: RunGit, step: Step): Promise<Outcome> {
  const clone = ["clone", "--quiet", "--no-checkout", "--no-hardlinks", "--template=", "--", bare, "."];
  for (const args of [clone, ["checkout", "--quiet", "--detach", commit, "--"]]) {
    const done = await run(args);
    if (!done.ok) return { ok: false, failure: gitFailure(`git ${args[0]}`, done, step.deadline) };
  }
  return verify(commit, run, step);
}

async function verify(commit: string, run: RunGit, step: Step): Promise<Outcome> {
  const head = await run(["rev-parse", "--verify", "HEAD"]);
  if (head.stdout.trim() !== commit) return refuse(`HEAD is ${head.stdout.trim()} instead of ${commit}`);
  const status = await run(["status", "--porcelain", "--untracked-files=all", "--ignored=matching"]);
  if (!status.ok || status.stdout !== "")
    return refuse(`the fresh checkout of ${commit} is not clean: ${(status.stdout || status.stderr).trim()}`);
  const pointers = await run(["ls-files", "--", ":(top,attr:filter=lfs)"]);
  const files = pointers.stdout.split("\n").filter((line) => line !== "");
  if (files.length > 0)
    step.warn(`${files.length} files are kept in git-lfs and stay pointers: ${files[0]} …`);
  return { ok: true, value: undefined };
}

function refuse(message: string): Outcome {
  return { ok: false, failure: { cause: "machinery", step: "checkout", message } };
}

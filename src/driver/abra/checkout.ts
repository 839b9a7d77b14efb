import { dirname } from "node:path";
import { Environment } from "../../command/environment.ts";
import type { Step } from "../../command/step.ts";
import type { App, Source } from "../../core/app.ts";
import { ActFailed, demand, machineryFailure } from "../../docker/failure.ts";
import { ensureFolder, removeTree } from "../../state/files.ts";
import type { AbraOptions } from "./abra-options.ts";
import { homeOf } from "./home.ts";

/**
 * Makes `recipes/<recipe>` anew for one deploy: a clone of the mirror with its branches and tags, lightweight ones
 * included, at the source's commit. Leftovers of a test or an earlier call are gone.
 */
export async function makeCheckout(
  options: AbraOptions,
  app: App,
  source: Source,
  step: Step,
): Promise<void> {
  const folder = homeOf(app).recipe;
  removeTree(folder);
  ensureFolder(dirname(folder));
  await git(
    options,
    app,
    ["clone", "--quiet", "--no-checkout", "--no-hardlinks", "--template=", "--", source.mirror, folder],
    step,
  );
  // The commit of `--ref` may be on no branch of the mirror, and so not in the clone.
  const known = ["-C", folder, "cat-file", "-e", `${source.commit}^{commit}`];
  if ((await tryGit(options, app, known, step)) === null)
    await git(options, app, ["-C", folder, "fetch", "--quiet", "origin", source.commit], step);
  await moveCheckout(options, app, source, step);
}

/** Puts the checkout (back) on the source's commit, since abra moves it, and verifies that. */
export async function moveCheckout(
  options: AbraOptions,
  app: App,
  source: Source,
  step: Step,
): Promise<void> {
  const folder = homeOf(app).recipe;
  await git(options, app, ["-C", folder, "checkout", "--quiet", "--detach", source.commit], step);
  const head = await git(options, app, ["-C", folder, "rev-parse", "HEAD"], step);
  if (head !== source.commit) throw machineryFailure(`the checkout is at ${head}, not at ${source.commit}`);
  await refuseOtherTag(options, app, source, step);
  const status = await git(
    options,
    app,
    ["-C", folder, "status", "--porcelain", "--untracked-files=all"],
    step,
  );
  if (status !== "") throw machineryFailure(`the fresh checkout has local changes: ${status.split("\n")[0]}`);
}

/** Whether a source is a commit without a release tag: its version is then the start of the commit's id. */
export function isUntagged(source: Pick<Source, "version" | "commit">): boolean {
  return /^[0-9a-f]{12}$/.test(source.version) && source.commit.startsWith(source.version);
}

// abra checks out the commit of the tag, so a tag moved since would deploy another commit.
async function refuseOtherTag(options: AbraOptions, app: App, source: Source, step: Step): Promise<void> {
  if (isUntagged(source)) return;
  const tag = `refs/tags/${source.version}^{commit}`;
  const args = ["-C", homeOf(app).recipe, "rev-parse", "--verify", "--quiet", tag];
  const commit = await tryGit(options, app, args, step);
  if (commit !== source.commit)
    throw machineryFailure(`tag ${source.version} names ${commit ?? "nothing"}, not ${source.commit}`);
}

async function tryGit(
  options: AbraOptions,
  app: App,
  args: readonly string[],
  step: Step,
): Promise<string | null> {
  try {
    return await git(options, app, args, step);
  } catch (error) {
    if (error instanceof ActFailed && error.failure.cause === "machinery") return null;
    throw error;
  }
}

async function git(options: AbraOptions, app: App, args: readonly string[], step: Step): Promise<string> {
  const result = await step.run({
    file: options.tools.find("git"),
    args,
    cwd: app.scratch,
    env: Environment.of("git", options.tools),
    capture: true,
  });
  if (result.timedOut || result.cancelled) demand(result, step);
  if (result.ok) return result.stdout.trim();
  throw machineryFailure(`git: ${result.stderr.trim().split("\n")[0] || result.notStarted || "no output"}`);
}

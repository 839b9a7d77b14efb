import { GitError } from "simple-git";
import type { Step } from "../command/step.ts";
import type { Toolbox } from "../command/toolbox.ts";
import type { MirrorConfig } from "../config/config.ts";
import type { StatePaths } from "../state/paths.ts";
import { closePullRequests } from "./close-pull-requests.ts";
import type { GitEnvironment } from "./git-environment.ts";
import { gitWords } from "./git-words.ts";
import type { GitMeans } from "./network-git.ts";
import { openMirror, pushMirror } from "./push.ts";
import type { UpstreamRefs } from "./refs.ts";
import { syncBare } from "./sync-bare.ts";

export interface SyncRequest {
  recipe: string;
  upstream: string;
  /** Null: the local bare mirror is the only mirror. */
  mirror: MirrorConfig | null;
  state: StatePaths;
  environment: GitEnvironment;
}

export type SyncResult =
  | {
      state: "synced";
      /** Upstream's refs, read back from the mirror: newer than those given if upstream moved meanwhile. */
      refs: UpstreamRefs;
      fetched: boolean;
      pushed: boolean;
      /** Pull requests of the mirror that were closed because they would change nothing. */
      closed: { number: number; title: string }[];
      /** Notes for the operator; each was also passed to `step.warn`. */
      notes: string[];
    }
  | { state: "failed"; problem: string };

/**
 * Makes the mirror a faithful copy of upstream (`main` and all tags, the same tag objects) and proves it by reading
 * back. Fetches and pushes only differences from `refs`, a fresh answer of `askUpstream`. Anything unproven is
 * `failed`, in git's own words; a forge's refusals about pull requests are only notes.
 */
export async function syncMirror(
  request: SyncRequest,
  refs: UpstreamRefs,
  tools: Toolbox,
  step: Step,
): Promise<SyncResult> {
  try {
    return await syncBoth(request, refs, { tools, environment: request.environment, step });
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return { state: "failed", problem: `git in the local mirror: ${gitWords(error.message)}` };
  }
}

async function syncBoth(request: SyncRequest, refs: UpstreamRefs, means: GitMeans): Promise<SyncResult> {
  const bare = request.state.mirror(request.recipe).bare;
  const local = await syncBare({ bare, upstream: request.upstream, means }, refs);
  if (!local.ok) return { state: "failed", problem: local.failure.message };
  const notes = [...local.value.notes, ...noteMissingBranch(local.value.refs, means.step)];
  const synced = { state: "synced" as const, refs: local.value.refs, fetched: local.value.fetched };
  if (request.mirror === null) return { ...synced, pushed: false, closed: [], notes };
  const mirror = openMirror(request.mirror, means.step);
  if (!mirror.ok) return { state: "failed", problem: mirror.failure.message };
  const pushed = await pushMirror(bare, mirror.value, synced.refs, means);
  if (!pushed.ok)
    return { state: "failed", problem: `the mirror is not upstream's: ${pushed.failure.message}` };
  const { closed, notes: said } = await closePullRequests(bare, mirror.value, synced.refs, means);
  return { ...synced, pushed: pushed.value, closed, notes: [...notes, ...mirror.value.notes, ...said] };
}

function noteMissingBranch(refs: UpstreamRefs, step: Step): string[] {
  if (refs.head !== null) return [];
  const note = "upstream's HEAD names no commit: its tags are mirrored, `main` is left as it is";
  step.warn(note);
  return [note];
}

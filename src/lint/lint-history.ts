import { posix } from "node:path";
import { deadlineIn } from "../command/deadline.ts";
import type { RecipeConfig } from "../config/config.ts";
import type { ActResult } from "../core/act.ts";
import type { Release } from "../core/release-tag.ts";
import {
  type CommitFile,
  hasCommits,
  listCommit,
  listContents,
  type Repository,
  readContents,
} from "../mirror/read-commit.ts";
import type { UpstreamRefs } from "../mirror/refs.ts";
import { readCachedRefs } from "../mirror/refs-cache.ts";
import { syncBare } from "../mirror/sync-bare.ts";
import { askRecipe, cachedAnswer, gitEnvironment, quietStep } from "../run/ask-upstream.ts";
import type { Context } from "../run/context.ts";
import { exists, removeTree } from "../state/files.ts";
import type { ReleaseFile } from "./facts.ts";
import { knownImages, mayNameImages } from "./known-images.ts";

/** Upstream's refs, and a repository on this machine that has their commits. */
export interface RepositoryView extends Repository {
  refs: UpstreamRefs;
}

/** A longer file is not the text of a release. */
const LONGEST_FILE = 256 * 1024;
const MOST_BYTES = 8 * 1024 * 1024;
const NO_TEXT = /\.(png|jpe?g|gif|ico|webp|pdf|zip|gz|tgz|woff2?|ttf|jar|mp4|sqlite3?)$/i;

const PARTS_OF_A_LOOK = 6;

/**
 * Makes sure that the commits of a recipe's releases are on this machine. They are read from the mirror if it has all
 * of them; commits that no sweep has fetched yet go into a separate cache, so that no sweep is ever blocked.
 */
export async function openHistory(
  context: Context,
  recipe: RecipeConfig,
  sync: boolean,
): Promise<ActResult<RepositoryView>> {
  const { state, tools } = context;
  const answer = sync ? await askRecipe(context, recipe) : cachedAnswer(context, recipe);
  if (answer.state === "failed") return failed(answer.problem);
  const cached = readCachedRefs(state, recipe.recipe);
  if (cached.state !== "read") return failed("the answer of upstream could not be kept");
  const limit = deadlineIn(context.clock, "timeouts.git", recipe.timeouts.git * PARTS_OF_A_LOOK);
  const step = quietStep(context, limit);
  const { refs } = cached;
  const own = state.lintMirror(recipe.recipe);
  for (const bare of [state.mirror(recipe.recipe).bare, own])
    if (exists(bare) && (await hasCommits({ bare, tools, step }, commitsOf(refs)))) {
      // The asker of upstream holds the lock of these caches: commits that a sweep has fetched by now are not kept
      // twice.
      if (sync && bare !== own) removeTree(own);
      return { ok: true, value: { refs, bare, tools, step } };
    }
  if (!sync) return failed("its releases were not fetched yet: look once without --no-sync");
  const means = { tools, environment: gitEnvironment(context, recipe), step };
  const synced = await syncBare({ bare: own, upstream: recipe.upstream, means }, refs);
  return synced.ok ? { ok: true, value: { refs: synced.value.refs, bare: own, tools, step } } : synced;
}

function commitsOf({ tags, head }: UpstreamRefs): string[] {
  return [...new Set([...tags.map(({ commit }) => commit), ...(head === null ? [] : [head])])];
}

function failed(message: string): ActResult<never> {
  return { ok: false, failure: { cause: "machinery", step: "look", message } };
}

/** The files of a commit; a link to another file has that file's content. */
export async function readFiles(
  view: RepositoryView,
  commit: string,
): Promise<ActResult<Map<string, ReleaseFile>>> {
  const listed = await listCommit(view, commit);
  if (!listed.ok) return listed;
  const readable = withinBudget(
    listed.value.filter(({ path, bytes }) => bytes <= LONGEST_FILE && !NO_TEXT.test(path)),
  );
  const contents = await readContents(view, [...new Set(readable.map(({ object }) => object))]);
  if (!contents.ok) return contents;
  const textOf = ({ object }: CommitFile) => {
    const text = contents.value.get(object);
    return text === undefined || text.includes("\0") ? null : text;
  };
  const plain = new Map(listed.value.filter(({ isLink }) => !isLink).map((file) => [file.path, file]));
  const files = new Map(
    [...plain].map(([path, file]) => [path, { object: file.object, text: textOf(file) }]),
  );
  for (const link of listed.value.filter(({ isLink }) => isLink)) {
    const goal = files.get(posix.join(posix.dirname(link.path), textOf(link) ?? ""));
    if (goal !== undefined) files.set(link.path, goal);
  }
  return { ok: true, value: files };
}

function withinBudget(files: readonly CommitFile[]): CommitFile[] {
  let left = MOST_BYTES;
  return files.filter(({ bytes }) => {
    left -= bytes;
    return left >= 0;
  });
}

/** Every image that any release ever named. */
export async function readImages(
  view: RepositoryView,
  releases: readonly Release[],
): Promise<ActResult<Set<string>>> {
  if (releases.length === 0) return { ok: true, value: new Set() };
  const commits = [...new Set(releases.map(({ commit }) => commit))];
  const listed = await listContents(view, commits);
  if (!listed.ok) return listed;
  const named = listed.value.filter(({ path }) => mayNameImages(path));
  const objects = named.map(({ object }) => object);
  const contents = await readContents(view, objects);
  if (!contents.ok) return contents;
  const files = named.map(({ path, object }) => ({ path, text: contents.value.get(object) ?? "" }));
  return { ok: true, value: knownImages(files) };
}

import { deadlineIn } from "../../command/deadline.ts";
import type { MirrorConfig, RecipeConfig } from "../../config/config.ts";
import { messageOf } from "../../fault.ts";
import { askUpstream } from "../../mirror/ask.ts";
import { askMirrorTags } from "../../mirror/ask-mirror.ts";
import { TAGS } from "../../mirror/bare.ts";
import { keptRef } from "../../mirror/keep.ts";
import { readPeeled } from "../../mirror/peeled-tags.ts";
import type { UpstreamRefs } from "../../mirror/refs.ts";
import { shownUpstream } from "../../mirror/refs-cache.ts";
import { gitEnvironment, quietStep } from "../../run/ask-upstream.ts";
import type { Context } from "../../run/context.ts";
import type { Seen, Tagged, TagsSeen } from "../facts.ts";

/** A canonical to look at. */
export interface Subject {
  context: Context;
  recipe: string;
  /** Undefined if the recipe is not configured. */
  config: RecipeConfig | undefined;
}

/** Upstream's current tags. The answer is not kept: a run at work must not see another one than its own. */
export async function tagsOfUpstream({ context, recipe, config }: Subject): Promise<TagsSeen> {
  if (config === undefined) {
    const problem = `${recipe} is no longer configured: the address of its upstream is unknown`;
    return { place: "upstream", tags: { state: "unseen", problem }, command: "canonical-sweep status" };
  }
  const place = shownUpstream(config.upstream);
  const limit = deadlineIn(context.clock, "timeouts.git", config.timeouts.git);
  const environment = gitEnvironment(context, config);
  const tags = await unlessUnseen(async () => {
    const asked = await askUpstream(config.upstream, context.tools, environment, quietStep(context, limit));
    return asked.ok ? seen(asked.value.tags) : unseen(asked.failure.message);
  });
  return { place, tags, command: `git ls-remote --tags ${place}` };
}

/** The tags of the bare mirror and, if there is one, of the mirror on a forge. */
export async function tagsOfMirrors(
  { context, recipe, config }: Subject,
  version: string,
): Promise<{ mirrors: TagsSeen[]; keptCommit: Seen<Tagged | null> }> {
  const { bare } = context.state.mirror(recipe);
  const read = await readPeeled(bare, context.tools);
  const local = "refs" in read ? tagsAmong(read.refs) : unseen(read.problem);
  const forge =
    config === undefined || config.mirror === null ? [] : [await tagsOnForge(context, config, config.mirror)];
  return {
    mirrors: [{ place: bare, tags: local, command: `git -C ${bare} show-ref --dereference` }, ...forge],
    keptCommit:
      "refs" in read
        ? { state: "seen", value: read.refs.get(keptRef(version)) ?? null }
        : { state: "unseen", problem: read.problem },
  };
}

async function tagsOnForge(context: Context, config: RecipeConfig, mirror: MirrorConfig): Promise<TagsSeen> {
  const place = shownUpstream(mirror.url);
  const step = quietStep(context, deadlineIn(context.clock, "timeouts.git", config.timeouts.git));
  const tags = await unlessUnseen(async () => {
    const asked = await askMirrorTags(mirror, context.tools, gitEnvironment(context, config), step);
    return asked.ok ? seen(asked.value) : unseen(asked.failure.message);
  });
  return { place, tags, command: `git ls-remote --tags ${place}` };
}

async function unlessUnseen(ask: () => Promise<TagsSeen["tags"]>): Promise<TagsSeen["tags"]> {
  try {
    return await ask();
  } catch (error) {
    return unseen(messageOf(error));
  }
}

function tagsAmong(refs: ReadonlyMap<string, Tagged>): TagsSeen["tags"] {
  const tags = [...refs].filter(([name]) => name.startsWith(TAGS));
  return { state: "seen", value: new Map(tags.map(([name, tag]) => [name.slice(TAGS.length), tag])) };
}

function seen(tags: UpstreamRefs["tags"]): TagsSeen["tags"] {
  return {
    state: "seen",
    value: new Map(tags.map(({ name, object, commit }) => [name, { object, commit }])),
  };
}

function unseen(problem: string): TagsSeen["tags"] {
  return { state: "unseen", problem };
}

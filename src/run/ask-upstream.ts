import { type Deadline, deadlineIn } from "../command/deadline.ts";
import { createStep, type Step } from "../command/step.ts";
import type { RecipeConfig } from "../config/config.ts";
import type { MirrorFacts } from "../core/decision/facts.ts";
import { createRedactor } from "../core/secrets/redactor.ts";
import { Fault, messageOf, orFault } from "../fault.ts";
import { isoTime } from "../log.ts";
import { askUpstream } from "../mirror/ask.ts";
import type { GitEnvironment } from "../mirror/git-environment.ts";
import type { UpstreamRefs } from "../mirror/refs.ts";
import { readCachedRefs, shownUpstream, writeCachedRefs } from "../mirror/refs-cache.ts";
import type { Context } from "./context.ts";

/** Upstreams asked at a time. */
export const ASKED_AT_A_TIME = 16;

/** Asks a recipe's upstream and keeps the answer for later looks. Writes only the mirror cache. */
export async function askRecipe(context: Context, recipe: RecipeConfig): Promise<MirrorFacts> {
  try {
    const limit = deadlineIn(context.clock, "timeouts.git", recipe.timeouts.git);
    const answer = await askUpstream(
      recipe.upstream,
      context.tools,
      gitEnvironment(context, recipe),
      quietStep(context, limit),
    );
    if (!answer.ok) return { state: "failed", problem: answer.failure.message };
    const askedAt = isoTime(context.clock);
    keepAnswer(context, recipe, { askedAt, refs: answer.value }, (line) => context.log.warn(line));
    return { state: "synced", tags: answer.value.tags, askedAt };
  } catch (error) {
    return { state: "failed", problem: messageOf(error) };
  }
}

/**
 * Keeps an answer for later looks. A cache that cannot be written costs one look: it is reported, but not a failure.
 */
export function keepAnswer(
  { state }: Pick<Context, "state">,
  { recipe, upstream }: RecipeConfig,
  answer: { askedAt: string; refs: UpstreamRefs },
  warn: (line: string) => void,
): void {
  const kept = orFault(() => writeCachedRefs(state, recipe, { upstream, ...answer }));
  if (kept instanceof Fault) warn(`what ${recipe}'s upstream answered is not kept: ${kept.message}`);
}

/** Upstream's last answer. */
export function cachedAnswer(context: Context, recipe: RecipeConfig): MirrorFacts {
  const reading = readCachedRefs(context.state, recipe.recipe);
  if (reading.state === "unreadable") return { state: "failed", problem: reading.problem };
  if (reading.state === "absent")
    return { state: "failed", problem: "upstream was never asked: look once without --no-sync" };
  if (reading.upstream !== shownUpstream(recipe.upstream))
    return {
      state: "failed",
      problem: `what is cached was asked of ${reading.upstream}: look once without --no-sync`,
    };
  return { state: "synced", tags: reading.refs.tags, askedAt: reading.askedAt };
}

/** The surroundings for git. */
export function gitEnvironment(context: Context, recipe: RecipeConfig): GitEnvironment {
  return { home: context.home, timeoutMs: recipe.timeouts.git };
}

/** A step that leaves no trace on disk: for looks that may change nothing. */
export function quietStep(context: Context, deadline: Deadline): Step {
  const redactor = createRedactor();
  return createStep({
    name: "look",
    deadline,
    signal: context.signal,
    clock: context.clock,
    log: context.log,
    run: "look",
    sink: {
      logFile: "",
      record: () => {},
      append: (line) => context.log.debug(redactor.redact(line)),
      warn: (line) => context.log.warn(redactor.redact(line)),
      note: (line) => context.log.info(redactor.redact(line)),
      secret: (value) => redactor.add(value),
      redactLog: () => {},
    },
  });
}

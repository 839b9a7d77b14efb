import { dirname } from "node:path";
import { deadlineIn } from "../command/deadline.ts";
import type { RecipeConfig } from "../config/config.ts";
import type { ActResult } from "../core/act.ts";
import { messageOf } from "../fault.ts";
import { askUpstream } from "../mirror/ask.ts";
import { askMirrorTags } from "../mirror/ask-mirror.ts";
import { shownUpstream } from "../mirror/refs-cache.ts";
import { gitEnvironment, quietStep } from "../run/ask-upstream.ts";
import type { Context } from "../run/context.ts";
import { type Check, fine, PROBE_LIMIT_MS, unknown } from "./check.ts";

/** Whether each host of upstreams and mirrors answers, tried with one recipe each. */
export async function checkRepositories(context: Context): Promise<Check[]> {
  const enrolled = context.config.recipes.filter((recipe) => recipe.enrolled);
  const upstreams = firstOfEachHost(enrolled, (recipe) => recipe.upstream);
  const mirrors = firstOfEachHost(enrolled, (recipe) => recipe.mirror?.url ?? null);
  return Promise.all([
    ...upstreams.map((recipe) => checkOne("upstream", recipe.upstream, () => askUpstreamOf(context, recipe))),
    ...mirrors.map((recipe) =>
      checkOne("mirror", recipe.mirror?.url ?? "", () => askMirrorOf(context, recipe)),
    ),
  ]);
}

function firstOfEachHost(
  recipes: readonly RecipeConfig[],
  addressOf: (recipe: RecipeConfig) => string | null,
): RecipeConfig[] {
  const first = new Map<string, RecipeConfig>();
  for (const recipe of recipes) {
    const address = addressOf(recipe);
    if (address === null) continue;
    const host = hostOf(address);
    if (!first.has(host)) first.set(host, recipe);
  }
  return [...first.values()];
}

function hostOf(address: string): string {
  if (URL.canParse(address)) return new URL(address).host || dirname(new URL(address).pathname);
  return address.startsWith("/") ? dirname(address) : (address.split(":")[0] ?? address);
}

async function checkOne(
  name: string,
  address: string,
  ask: () => Promise<ActResult<unknown>>,
): Promise<Check> {
  const shown = shownUpstream(address);
  const problem = await problemOf(ask);
  if (problem === null) return fine(name, `${shown} answers`);
  return unknown(name, problem, "see that the machine reaches it", `git ls-remote ${shown}`);
}

async function problemOf(ask: () => Promise<ActResult<unknown>>): Promise<string | null> {
  try {
    const answer = await ask();
    return answer.ok ? null : answer.failure.message;
  } catch (error) {
    return messageOf(error);
  }
}

function askUpstreamOf(context: Context, recipe: RecipeConfig): Promise<ActResult<unknown>> {
  return askUpstream(recipe.upstream, context.tools, environmentOf(context, recipe), stepOf(context));
}

async function askMirrorOf(context: Context, recipe: RecipeConfig): Promise<ActResult<unknown>> {
  if (recipe.mirror === null) return { ok: true, value: null };
  return askMirrorTags(recipe.mirror, context.tools, environmentOf(context, recipe), stepOf(context));
}

function environmentOf(context: Context, recipe: RecipeConfig) {
  return { ...gitEnvironment(context, recipe), timeoutMs: Math.min(recipe.timeouts.git, PROBE_LIMIT_MS) };
}

function stepOf(context: Context) {
  return quietStep(context, deadlineIn(context.clock, "doctor", PROBE_LIMIT_MS));
}

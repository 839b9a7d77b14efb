import { whyGivenUp } from "../core/label/breaker.ts";
import type { NotRunCode, Reason } from "../core/outcome.ts";
import type { RecipeReport } from "../core/records/report.ts";
import { messageOf } from "../fault.ts";
import type { Run } from "../run/run.ts";
import { stopRequested } from "../run/stop.ts";
import { withBrief } from "./brief/write-brief.ts";
import type { Continuation } from "./continuation.ts";
import { type DecidedRecipe, decide } from "./decide/decide-all.ts";
import { rowNotRun, rowOfDecision } from "./label/rows-without-test.ts";
import { sweepRecipe, tellEnd } from "./one-recipe.ts";
import { interruptedBy } from "./report/assemble-report.ts";

export interface TestedAll {
  rows: RecipeReport[];
  /** Why the breaker stopped the sweep; null if it did not. */
  brokenBy: Reason<"machinery"> | null;
}

/**
 * Tests every recipe whose decision is RUN, providers before those that require them. A fault of one recipe never ends
 * the sweep; an interrupt, a stop, the sweep's limit and the breaker do, and every recipe that was not started has a
 * row that says so.
 */
export async function testAll(
  run: Run,
  decided: readonly DecidedRecipe[],
  options: { onlySync: boolean },
  continuation: Continuation,
): Promise<TestedAll> {
  const tested: TestedAll = { rows: [], brokenBy: null };
  for (const entry of providersFirst(decided)) {
    const stopped = options.onlySync ? notRun("only-sync") : whyStopped(run, tested.brokenBy);
    const tried = await rowFor(run, entry, stopped, continuation);
    const row = options.onlySync ? tried : await withBrief(run, tried);
    tested.rows.push(row);
    tested.brokenBy ??= whyGivenUp(tested.rows, run.context.config.breaker);
  }
  return tested;
}

/** The recipes ordered so that a provider precedes those that require it; otherwise in the given order. */
function providersFirst(entries: readonly DecidedRecipe[]): DecidedRecipe[] {
  const ordered: DecidedRecipe[] = [];
  const visited = new Set<DecidedRecipe>();
  const visit = (entry: DecidedRecipe) => {
    if (visited.has(entry)) return;
    visited.add(entry);
    for (const { recipe } of entry.recipe.requires) {
      const provider = entries.find((other) => other.recipe.recipe === recipe);
      if (provider !== undefined) visit(provider);
    }
    ordered.push(entry);
  };
  for (const entry of entries) visit(entry);
  return ordered;
}

/** A sweep chooses nothing: it tests all tiers from nothing, and promotes green releases. */
const AS_A_SWEEP = {
  wanted: [],
  copyOf: null,
  keep: false,
  acceptMovedTag: false,
  ruledOutBy: null,
} as const;

async function rowFor(
  run: Run,
  decided: DecidedRecipe,
  stopped: Reason<NotRunCode> | null,
  continuation: Continuation,
): Promise<RecipeReport> {
  const startedMs = run.context.clock.now();
  const { recipe } = decided.recipe;
  try {
    // Providers may have been promoted since, or may have stopped answering.
    const isAskedAgain = decided.recipe.requires.length > 0 && stopped === null;
    const entry = isAskedAgain ? await decide(run, decided) : decided;
    const done = continuation.rowOf(entry);
    if (done !== null) return tellEnd(run, done);
    const { action, latest } = entry.decision;
    if (action !== "RUN") return rowOfDecision(run, entry);
    if (stopped !== null) return rowNotRun(run, decided, { kind: "NOT-RUN", reason: stopped });
    if (latest === null) throw new Error(`${recipe} has nothing to test`);
    const choices = { ...AS_A_SWEEP, retryOf: retryOf(continuation, recipe) };
    return await sweepRecipe(run, entry, { ...latest, isRelease: true }, choices);
  } catch (error) {
    run.context.log.error({ err: error }, `${recipe}: ${messageOf(error)}`);
    const reason = { code: "machinery", detail: messageOf(error) } as const;
    return rowNotRun(run, decided, { kind: "BLOCKED", reason }, run.context.clock.now() - startedMs);
  }
}

// A test cut short before anything was red is not an attempt.
function retryOf({ of, failedBefore }: Continuation, recipe: string): string | null {
  const tier = failedBefore(recipe);
  return tier === null ? null : `${tier} was red in run ${of}, which was killed`;
}

function whyStopped(run: Run, brokenBy: TestedAll["brokenBy"]): Reason<NotRunCode> | null {
  const { clock, signal, state } = run.context;
  if (interruptedBy(signal) !== null) return notRun("interrupted");
  if (brokenBy !== null) return brokenBy;
  if (stopRequested(state, run.id)) return notRun("stopped");
  return clock.now() >= run.deadline.at ? notRun("sweep-deadline") : null;
}

function notRun(code: NotRunCode): Reason<NotRunCode> {
  return { code, detail: "" };
}

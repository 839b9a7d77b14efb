import { whyGivenUp } from "../core/label/breaker.ts";
import type { NotRunCode, Reason } from "../core/outcome.ts";
import type { RecipeReport } from "../core/records/report.ts";
import { messageOf } from "../fault.ts";
import { laneOfCanonical } from "../run/lanes.ts";
import type { Run } from "../run/run.ts";
import { stopRequested } from "../run/stop.ts";
import { withBrief } from "./brief/write-brief.ts";
import type { Continuation } from "./continuation.ts";
import { type DecidedRecipe, decide } from "./decide/decide-all.ts";
import { rowNotRun, rowOfDecision } from "./label/rows-without-test.ts";
import { providersFirst } from "./providers-first.ts";
import { interruptedBy } from "./report/assemble-report.ts";
import { sweepOne, tellEnd } from "./sweep-one.ts";

export interface Tested {
  rows: RecipeReport[];
  /** Why the breaker stopped the sweep; null when it did not. */
  brokenBy: Reason<"machinery"> | null;
}

/**
 * Tests every recipe whose decision is RUN, providers before those that require them. One recipe's fault never
 * ends the sweep; an interrupt, a stop, the sweep's limit and the breaker do, and every recipe that was not
 * started has a row that says so.
 */
export async function testAll(
  run: Run,
  decided: readonly DecidedRecipe[],
  options: { onlySync: boolean },
  continuation: Continuation,
): Promise<Tested> {
  const tested: Tested = { rows: [], brokenBy: null };
  for (const entry of providersFirst(decided)) {
    const stopped = options.onlySync ? notRun("only-sync") : whyStopped(run, tested.brokenBy);
    const tried = await rowFor(run, entry, stopped, continuation);
    const row = options.onlySync ? tried : await withBrief(run, tried);
    tested.rows.push(row);
    tested.brokenBy ??= whyGivenUp(tested.rows, run.context.config.breaker);
  }
  return tested;
}

async function rowFor(
  run: Run,
  entry: DecidedRecipe,
  stopped: Reason<NotRunCode> | null,
  continuation: Continuation,
): Promise<RecipeReport> {
  const startedMs = run.context.clock.now();
  const { recipe } = entry;
  try {
    // Providers may have been promoted since, or may have stopped to answer.
    const decision =
      entry.recipe.requires.length > 0 && stopped === null
        ? await decide(run, recipe, entry.mirror)
        : entry.decision;
    const done = continuation.rowOf({ ...entry, decision });
    if (done !== null) return tellEnd(run, done);
    if (decision.action !== "RUN") return rowOfDecision(run, { ...entry, decision });
    if (stopped !== null) return rowNotRun(run, entry, { kind: "NOT-RUN", reason: stopped });
    const lane = laneOfCanonical(run.context, recipe.recipe);
    return await sweepOne(run, { ...entry, decision }, lane, retryOf(continuation, recipe.recipe));
  } catch (error) {
    run.context.log.error({ err: error }, `${recipe.recipe}: ${messageOf(error)}`);
    const reason = { code: "machinery", detail: messageOf(error) } as const;
    return rowNotRun(run, entry, { kind: "BLOCKED", reason }, run.context.clock.now() - startedMs);
  }
}

// A test that was cut short before anything was red is no attempt.
function retryOf({ of, failedBefore }: Continuation, recipe: string): string | null {
  const tier = failedBefore(recipe);
  return tier === null ? null : `${tier} was red in run ${of}, which was killed`;
}

function whyStopped(run: Run, brokenBy: Tested["brokenBy"]): Reason<NotRunCode> | null {
  const { clock, signal, state } = run.context;
  if (interruptedBy(signal) !== null) return notRun("interrupted");
  if (brokenBy !== null) return brokenBy;
  if (stopRequested(state, run.id)) return notRun("stopped");
  return clock.now() >= run.deadline.at ? notRun("sweep-deadline") : null;
}

function notRun(code: NotRunCode): Reason<NotRunCode> {
  return { code, detail: "" };
}

import { judge } from "../core/cause/cause-of.ts";
import { predicts } from "../core/cause/predicts.ts";
import { type Conclusion, unresolved } from "../core/cause/verdict.ts";
import type { HostLoad, Investigation } from "../core/records/investigation.ts";
import { Fault } from "../fault.ts";
import { lintRecipes } from "../lint/lint.ts";
import type { Context } from "../run/context.ts";
import { holdingLanes } from "../run/hold-lanes.ts";
import { type OpenRun, withRun } from "../run/open-run.ts";
import { folderAtLaunch } from "../run/run.ts";
import { readTreeContent } from "../state/trees/tree-content.ts";
import { planArm } from "./arms.ts";
import { attempt } from "./attempt.ts";
import { documentOf, writeInvestigation } from "./document.ts";
import { evidenceOf, type KnownFacts } from "./evidence.ts";
import { findRed } from "./find-red.ts";
import { watchHost } from "./host.ts";
import { haveTestsChanged } from "./last-green-tests.ts";
import { type InvestigationRequest, openSession, type Session } from "./session.ts";

/**
 * Runs a red again in isolation, cheapest run first, until one cause is established, and writes down the cause and its
 * proof. Promotes nothing and touches no canonical. Throws a Fault on a busy host, and if nothing is red.
 */
export async function investigate(context: Context, request: InvestigationRequest): Promise<Investigation> {
  findRed(context.state, request.recipe);
  return withRun(context, `investigate ${request.recipe}`, async (open) => {
    const { run } = open;
    const red = findRed(context.state, request.recipe);
    const host = watchHost(context.clock, run.id, context.config.investigate.busyAbove);
    const isolation = await host.first();
    if (!isolation.isolated && !request.busy)
      throw busyFault(isolation, context.config.investigate.busyAbove);
    const session = await openSession(run, red, host);
    const recipes =
      "notPossible" in session.control ? [session.recipe] : [session.recipe, session.control.recipe];
    const conclusion = await holdingLanes(run, recipes, () => inquire(session, request));
    return finish(open, session, { request, isolation, conclusion });
  });
}

async function inquire(session: Session, { runs, load }: InvestigationRequest): Promise<Conclusion> {
  const { signal } = session.run.context;
  session.lint = await predictions(session);
  const known: KnownFacts = {
    testsChanged: haveTestsChanged(session),
    surroundingsChanged: haveSurroundingsChanged(session),
    lintPredicts: session.lint.length > 0,
  };
  for (;;) {
    if (signal.aborted) return unresolved("it was interrupted", "investigate again");
    const verdict = judge(evidenceOf(session, known, { runs, load }));
    if (!("wanted" in verdict)) return verdict;
    const plan = await planArm(session, verdict.wanted);
    if ("notPossible" in plan) session.notPossible.set(verdict.wanted, plan.notPossible);
    else await attempt(session, verdict.wanted, plan, load);
  }
}

function finish(
  { run, startedMs }: OpenRun,
  session: Session,
  end: { request: InvestigationRequest; isolation: HostLoad; conclusion: Conclusion },
): Investigation {
  const { conclusion } = end;
  const document = documentOf(session, { ...end, startedMs, conclusion });
  writeInvestigation(run, document, session.red);
  run.note("ended", { cause: document.cause, because: document.because });
  return document;
}

function busyFault({ foreign, waitedForDisk, loadAverage }: HostLoad, busyAbove: number): Fault {
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  const disk =
    waitedForDisk === null ? "" : `, tasks waited for the disk ${percent(waitedForDisk)} of the time`;
  return new Fault(
    "machinery",
    `this host is busy: others use ${percent(foreign)} of its processors${disk} (limit ${percent(busyAbove)}; load average ${loadAverage} per core)`,
    "wait until it is idle, or say --busy: then no red counts as one that was alone",
  );
}

/**
 * Whether the tools, or the recipe's configuration other than its tests, differ from the last green's; null if unknown.
 */
function haveSurroundingsChanged({ canonical, recipe, run }: Session): boolean | null {
  if (canonical?.environment === undefined || canonical.configuration === undefined) return null;
  const { digest } = readTreeContent(folderAtLaunch(run, recipe.recipe), ["tests"]);
  return canonical.environment !== run.environment.fingerprint || canonical.configuration !== digest;
}

/** Findings of `lint` in the release that are known to break at this point, a line each; empty for other releases. */
async function predictions({ recipe, red, run }: Session): Promise<string[]> {
  const { rows } = await lintRecipes(run.context, { recipes: [recipe.recipe], sync: false });
  const row = rows.find(({ commit }) => commit === red.target.commit);
  const { facts, firstError, tier } = red;
  return (row?.findings ?? [])
    .filter(({ level, rule }) => level === "error" && predicts(rule, { ...facts, firstError, tier }))
    .map(({ rule, message }) => `${rule}: ${message}`);
}

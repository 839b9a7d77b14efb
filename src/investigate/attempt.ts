import { join } from "node:path";
import { deadlineIn } from "../command/deadline.ts";
import { describeFailure } from "../core/act.ts";
import type { Arm, AttemptOutcome } from "../core/cause/evidence.ts";
import { signOfMachinery } from "../core/cause/sign.ts";
import type { InvestigationRun } from "../core/records/investigation.ts";
import { redactTexts } from "../core/secrets/redactor.ts";
import { isSameError } from "../core/text/same-error.ts";
import { createEvidence } from "../evidence/evidence.ts";
import { isoTime } from "../log.ts";
import { coldTest, type RecipeTest } from "../sweep/cold-test/cold-test.ts";
import { type ArmPlan, evidenceFolder } from "./arms.ts";
import { haveTestsChanged } from "./last-green-tests.ts";
import { putLoad } from "./load.ts";
import type { Session } from "./session.ts";

/** Makes one run of a kind, watches the host meanwhile, and keeps the run as evidence. Promotes nothing. */
export async function attempt(
  session: Session,
  arm: Arm,
  plan: ArmPlan,
  workers: number,
): Promise<InvestigationRun> {
  const { run } = session;
  const { clock, progress } = run.context;
  const id = `${String(session.runs.length + 1).padStart(2, "0")}-${dashed(arm)}`;
  const { recipe, target } = plan;
  progress({ kind: "note", text: `${id}: ${recipe.recipe} ${target.version}, tests: ${plan.tests}` });
  run.note("attempt-began", { id, recipe: recipe.recipe, version: target.version });
  const evidence = createEvidence(join(run.paths.folder, evidenceFolder(id)), run.redactor, clock);
  const startedAt = isoTime(clock);
  const startedMs = clock.now();
  const load = arm === "underLoad" ? await putLoad(run, workers) : null;
  const looking = session.host.begin();
  const deadline = deadlineIn(clock, "timeouts.recipe", recipe.timeouts.recipe);
  let test: RecipeTest;
  try {
    test = await coldTest(run, { ...plan, deadline, keep: false }, evidence);
  } finally {
    looking.end();
    const ended = await load?.end();
    if (ended !== undefined)
      session.load = addLoad(session.load, workers, looking.busy(), ended.writtenBytes);
  }
  const { outcome, firstError } = judge(session, arm, test);
  const made: InvestigationRun = {
    id,
    kind: arm,
    recipe: recipe.recipe,
    version: target.version,
    commit: target.commit,
    tests: plan.tests,
    outcome,
    firstError,
    tiers: test.tiers,
    host: looking.end(),
    startedAt,
    durationMs: clock.now() - startedMs,
    evidence: evidenceFolder(id),
  };
  const clean = redactTexts(made, run.redactor) as InvestigationRun;
  session.runs.push(clean);
  run.note("attempt-ended", { id, outcome, firstError, isolated: clean.host.isolated });
  progress({
    kind: "note",
    text: `${id}: ${outcome}${clean.host.isolated ? "" : ", while others were at work"}`,
  });
  return clean;
}

function judge(
  session: Session,
  arm: Arm,
  test: RecipeTest,
): { outcome: AttemptOutcome; firstError: string | null } {
  const { failure, redAt } = test;
  if (failure === null) return judgeGreen(session, arm, test);
  const firstError = describeFailure(failure);
  if (redAt === null) return { outcome: signOfMachinery(firstError).kind, firstError };
  if (arm === "alone" && failure.cause !== "recipe") session.isDefinite = false;
  const { red } = session;
  const isSame = (red.tier === null || redAt === red.tier) && isSameError(firstError, red.firstError);
  return { outcome: isSame ? "red" : "other-red", firstError };
}

// A tier that was not executed is not green, whatever the others are.
function judgeGreen(
  session: Session,
  arm: Arm,
  { tiers, planned }: RecipeTest,
): { outcome: AttemptOutcome; firstError: string | null } {
  const { tier, facts } = session.red;
  const green = { outcome: "green", firstError: null } as const;
  if (tier === null || arm === "control" || arm.endsWith("OnCopy") || arm === "lastGreenTests") return green;
  if (tiers.some((end) => end.tier === tier && end.status === "passed")) return green;
  const plan = planned.find((entry) => entry.tier === tier);
  const why = plan?.planned === false ? plan.reason : "it was skipped";
  const firstError = `the tier ${tier} was not executed: ${why}`;
  if (arm === "alone" || arm === "underLoad") return { outcome: "other-red", firstError };
  // If no test failed, or one that was green before, the tiers before it are compared.
  if (!facts.isOfTest || haveTestsChanged(session) === false) return green;
  session.notPossible.set(arm, firstError);
  return { outcome: "other-red", firstError };
}

function addLoad(
  before: Session["load"],
  workers: number,
  busy: number,
  writtenBytes: number,
): Session["load"] {
  if (before === null) return { workers, busy, writtenBytes };
  return { workers, busy: Math.min(before.busy, busy), writtenBytes: before.writtenBytes + writtenBytes };
}

function dashed(arm: Arm): string {
  return arm.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

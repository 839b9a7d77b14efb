import { type AuditFacts, type ProvenFacts, provenOf } from "../../facts.ts";
import type { Found } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import { lastOf, type RunFacts, spanOf } from "../../runs.ts";

/** Reads: the times of all journals, and the times of foreign work on the canonical's lane. */
export const runAlone: Rule = {
  id: "run-alone",
  claim: "no other run was at work while the run that wrote the record was",
  judge: (facts) =>
    provenOf(facts).flatMap((canonical) => {
      const run = facts.runs.find((entry) => entry.run === canonical.record.run);
      if (run === undefined) return [];
      return [...besideInState(facts, run), ...besideOnLane(canonical, run)].map((found) => ({
        recipe: canonical.recipe,
        run: run.run,
        ...found,
      }));
    }),
};

// One state folder has one lock: if it was held, the next run begins after the last line of this one.
function besideInState({ runs }: AuditFacts, run: RunFacts): Found[] {
  const span = spanOf(run);
  if (span === null) return [];
  return runs.flatMap((other) => {
    const beside = other === run ? null : spanOf(other);
    if (beside === null || beside.from >= span.to || beside.to <= span.from) return [];
    const evidence = `${other.journalFile} goes from ${time(beside.from)} to ${time(beside.to)}; run ${run.run} was at work from ${time(span.from)} to ${time(span.to)}`;
    return [{ evidence, command: `canonical-sweep show ${other.run}` }];
  });
}

// Another state folder has its own lock. It may take the lane between two recipes, but not within one.
function besideOnLane({ foreignWork, recipe }: ProvenFacts, run: RunFacts): Found[] {
  const command = "docker ps --all --filter label=canonical-sweep.state";
  if (foreignWork.state === "unseen")
    return [{ kind: "not-checked", evidence: foreignWork.problem, command }];
  const began = Date.parse(lastOf(run, "started", recipe)?.ts ?? "");
  const ended = Date.parse(lastOf(run, "labelled", recipe)?.ts ?? "");
  return foreignWork.value
    .filter(({ madeAtMs }) => madeAtMs > began && madeAtMs < ended)
    .map(({ object, owner, run: other, madeAtMs }) => ({
      evidence: `run ${other} of the state folder ${owner} made the ${object} at ${time(madeAtMs)}, while ${recipe} was tested from ${time(began)} to ${time(ended)}`,
      command,
    }));
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}

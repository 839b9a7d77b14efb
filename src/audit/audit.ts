import { provenRecord } from "../core/canonical.ts";
import type { Context } from "../run/context.ts";
import type { AuditFacts } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { gatherFacts } from "./gather/gather.ts";
import { RULES } from "./rules.ts";

export interface AuditReport {
  /** Time of the audit, ISO 8601. */
  at: string;
  /** The audited canonicals, by recipe. */
  canonicals: { recipe: string; version: string }[];
  /** Number of audited runs. */
  runs: number;
  /** Empty if every recorded claim holds. */
  findings: Finding[];
  /** Parts that were left out, with the reason; not findings. */
  notes: string[];
}

/** Derives every recorded claim again from the evidence. Only reads, so it may run beside a run at work. */
export async function audit(context: Context): Promise<AuditReport> {
  const at = new Date(context.clock.now()).toISOString();
  const { atWork, facts } = await gatherFacts(context);
  return {
    at,
    canonicals: facts.canonicals.flatMap(({ recipe, reading, isMoving }) => {
      const record = isMoving ? null : provenRecord(reading);
      return record === null ? [] : [{ recipe, version: record.version }];
    }),
    runs: facts.runs.length,
    findings: findings(facts),
    notes: notesOf(facts, atWork),
  };
}

function notesOf({ canonicals }: AuditFacts, atWork: string | null): string[] {
  const moving = canonicals.filter(({ isMoving }) => isMoving).map(({ recipe }) => recipe);
  const why = "a promotion of it is under way, or is not settled";
  return [
    ...(atWork === null
      ? []
      : [`run ${atWork} is at work: what it has made cannot be told from residue, which was not looked for`]),
    ...moving.map((recipe) => `the canonical of ${recipe} was not looked at: ${why}`),
  ];
}

/** Every claim that does not hold or could not be checked, by recipe; those about no recipe come last. */
function findings(facts: AuditFacts): Finding[] {
  const found = RULES.flatMap(({ id, claim, judge }) =>
    judge(facts).map(({ evidence, command, kind = "does-not-hold", recipe = null, run = null }) => {
      return { rule: id, kind, recipe, run, claim, evidence, command };
    }),
  );
  return found.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : placeOf(a) > placeOf(b) ? 1 : 0));
}

// `~` sorts after every character of a recipe's name.
function placeOf({ recipe }: Finding): string {
  return recipe ?? "~";
}

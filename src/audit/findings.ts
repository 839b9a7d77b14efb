import type { AuditFacts } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { RULES } from "./rules.ts";

/** Every claim that does not hold or could not be checked, by recipe; those about no recipe come last. */
export function findings(facts: AuditFacts): Finding[] {
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

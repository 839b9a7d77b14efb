import type { Expired } from "../../expired.ts";
import type { Rule } from "../../rule.ts";

/** Reads: expired holds, acknowledgements and known causes that are still listed. */
export const exceptionsInForce: Rule = {
  id: "exceptions-in-force",
  claim: "no hold, acknowledgement or known cause has expired",
  judge: ({ exceptions, expired }) => [
    ...exceptions.flatMap(({ recipe, file, exceptions: reading }) =>
      reading.state === "unreadable"
        ? [{ kind: "not-checked" as const, recipe, evidence: reading.problem, command: `cat ${file}` }]
        : [],
    ),
    ...expired.map((entry) => ({
      recipe: entry.recipe,
      evidence: `${entry.file}: the ${entry.what.replace("-", " ")} "${entry.reason}" ended with ${entry.until}`,
      command: commandOf(entry),
    })),
  ],
};

function commandOf({ what, file }: Expired): string {
  return what === "known-cause" ? `cat ${file}` : "canonical-sweep status";
}

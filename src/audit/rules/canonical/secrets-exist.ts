import { provenOf } from "../../facts.ts";
import type { Found } from "../../finding.ts";
import type { Rule } from "../../rule.ts";

/** Reads: the secrets and configs in the record, and the existing ones. */
export const secretsExist: Rule = {
  id: "secrets-exist",
  claim: "every secret and config of the record exists, and was made by this program or adopted",
  judge: (facts) =>
    provenOf(facts).flatMap(({ data, recipe, record }) => {
      // The rule about volumes already reports that Docker gave no answer.
      if (data.state === "unseen") return [];
      return [
        ...missing("secret", record.secrets ?? [], data.value.secrets),
        ...missing("config", record.configs ?? [], data.value.configs),
      ].map((found) => ({ recipe, ...found }));
    }),
};

function missing(
  kind: "secret" | "config",
  names: readonly string[],
  seen: ReadonlyMap<string, boolean>,
): Found[] {
  return names
    .filter((name) => seen.get(name) !== true)
    .map((name) => ({
      evidence: seen.has(name)
        ? `the ${kind} ${name} is there, and carries no mark of this program: somebody else made it`
        : `the ${kind} ${name} is not there`,
      command: `docker ${kind} inspect ${name}`,
    }));
}

import type { Canonical } from "../../../core/canonical.ts";
import { traitsOf } from "../../../core/driver-traits.ts";
import { type KeptSeen, provenOf } from "../../facts.ts";
import type { Rule } from "../../rule.ts";

/** Reads: what the record says is kept, and what stands in `kept/`. */
export const keptFiles: Rule = {
  id: "kept-files",
  claim: "the .env and the values of the secrets are kept, readable by their owner only",
  judge: (facts) =>
    provenOf(facts).flatMap(({ kept, paths, recipe, record }) => {
      const command = `ls -la ${paths.kept}`;
      const problems = kept.state === "unseen" ? [kept.problem] : problemsOf(record, kept.value);
      return problems.map((problem) => ({ recipe, evidence: `${paths.kept}: ${problem}`, command }));
    }),
};

function problemsOf(record: Canonical, seen: KeptSeen): string[] {
  const open = seen.open.map((file) => `others than its owner may read ${file}`);
  if (record.kept !== undefined)
    return [
      ...(record.kept.env && !seen.env ? ["there is no .env"] : []),
      ...record.kept.secrets
        .filter((name) => !seen.secrets.includes(name))
        .map((name) => `secrets.json has no value for ${name}`),
      ...open,
    ];
  // Records of other programs, what was adopted and what `commands:` deploy never had to have anything kept.
  const hasNone = record.adopted === true || traitsOf(record.driver)?.deploys === "commands";
  if (record.schema === undefined || hasNone) return open;
  return [...(seen.env ? [] : ["there is no .env"]), ...open];
}

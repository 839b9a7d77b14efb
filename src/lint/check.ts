import type { Facts } from "./facts.ts";
import { type Finding, LEVELS } from "./finding.ts";
import { applyIgnores, type Judged } from "./ignores.ts";
import { RULES } from "./rules.ts";

/** Judges a release by every rule: the worst findings first, then in the order of the files. */
export function checkRelease(facts: Facts): Judged {
  const findings = RULES.flatMap((rule) =>
    rule.check(facts).map((found): Finding => ({ rule: rule.id, level: rule.level, ...found })),
  );
  const judged = applyIgnores(withoutDoubles(findings), facts);
  return { findings: inOrder(judged.findings), ignored: inOrder(judged.ignored) };
}

function withoutDoubles(findings: readonly Finding[]): Finding[] {
  const keyOf = ({ rule, message, at }: Finding) => JSON.stringify([rule, message, at]);
  return [...new Map(findings.map((finding) => [keyOf(finding), finding])).values()];
}

function inOrder<T extends Finding>(findings: readonly T[]): T[] {
  const rank = ({ level }: Finding) => LEVELS.indexOf(level);
  const file = ({ at }: Finding) => (at === null ? "" : `${at.base} ${at.file}`);
  return findings.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      file(a).localeCompare(file(b), "en") ||
      (a.at?.line ?? 0) - (b.at?.line ?? 0) ||
      a.rule.localeCompare(b.rule, "en"),
  );
}

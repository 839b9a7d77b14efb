import type { AuditFacts } from "./facts.ts";
import type { Found } from "./finding.ts";

/** One claim that an audit derives again. A rule is pure: it sees the facts and nothing else. */
export interface Rule {
  id: string;
  /** What is recorded, or taken for granted, in one sentence. */
  claim: string;
  judge(facts: AuditFacts): Found[];
}

import type { AuditFacts } from "./facts.ts";
import type { Found } from "./finding.ts";

/** One claim that an audit derives again. A rule is pure: it sees only the facts. */
export interface Rule {
  id: string;
  /** The recorded or implied claim, in one sentence. */
  claim: string;
  judge(facts: AuditFacts): Found[];
}

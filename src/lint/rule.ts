import type { Facts } from "./facts.ts";
import type { Found, Level } from "./finding.ts";

/** A known fault. Pure: facts in, findings out; it never throws. */
export interface Rule {
  /** In kebab case; `docs/lint.md` has a section of this name. */
  id: string;
  level: Level;
  title: string;
  check(facts: Facts): Found[];
}

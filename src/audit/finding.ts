/** A finding about one recorded claim. */
export interface Finding {
  /** The rule's identifier, with a section in `docs/audit.md`. */
  rule: string;
  /** `not-checked`: the evidence was not available. Such a claim never counts as holding. */
  kind: "does-not-hold" | "not-checked";
  /** Null if it concerns no single recipe. */
  recipe: string | null;
  /** The run concerned; null if there is none. */
  run: string | null;
  /** The recorded or implied claim. */
  claim: string;
  /** The contrary finding, and its place. */
  evidence: string;
  /** One line that shows it. */
  command: string;
}

/** A rule's contribution to a finding; identifier and claim come from the rule. */
export type Found = Pick<Finding, "evidence" | "command"> & Partial<Pick<Finding, "kind" | "recipe" | "run">>;

/** What an audit found of one recorded claim. */
export interface Finding {
  /** The identifier of the rule: it has a section in `docs/audit.md`. */
  rule: string;
  /** `not-checked`: the evidence could not be asked for. It never counts as holding. */
  kind: "does-not-hold" | "not-checked";
  /** Null where it is about no single recipe. */
  recipe: string | null;
  /** The run that it is about; null where it is about none. */
  run: string | null;
  /** What is recorded, or taken for granted. */
  claim: string;
  /** What was found instead, and where. */
  evidence: string;
  /** One line that shows it. */
  command: string;
}

/** What a rule says of a finding; its identifier and its claim are the rule's. */
export type Found = Pick<Finding, "evidence" | "command"> & Partial<Pick<Finding, "kind" | "recipe" | "run">>;

import { z } from "zod";

export const Action = z.enum(["SKIP", "BLOCKED", "RUN"]);
export type Action = z.infer<typeof Action>;

/** The reasons of a decision, in order of precedence: the first that applies decides. */
export const DECISION_REASONS = [
  "held",
  "sync-failed",
  "tag-moved",
  "canonical-unreadable",
  "never-released",
  "no-new-version",
  "requires",
  "seed",
  "new-release",
] as const;
export const DecisionReason = z.enum(DECISION_REASONS);
export type DecisionReason = z.infer<typeof DecisionReason>;

/** Who must act to change the row: the operator of the sweep, the recipe's maintainer, or nobody. */
export type WhoActs = "nobody" | "operator" | "maintainer";

export interface Finding {
  action: Action;
  reason: DecisionReason;
  /** One sentence for people, with the facts behind it. */
  detail: string;
  whoActs: WhoActs;
  /** The command that ends a block. */
  command?: string;
}

export interface VersionRef {
  version: string;
  commit: string;
}

/** The deciding finding, and everything that it was taken from. */
export interface Decision extends Finding {
  recipe: string;
  /** All findings that apply, the deciding one first. */
  findings: Finding[];
  latest: (VersionRef & { tagObject: string }) | null;
  canonical: VersionRef | null;
  notReleases: { name: string; reason: string }[];
}

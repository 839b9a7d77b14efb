import { z } from "zod";

export const Action = z.enum(["SKIP", "BLOCKED", "RUN"]);
export type Action = z.infer<typeof Action>;

/** The reasons of a decision, in the order in which they are judged: the first that applies decides. */
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

/** Who has to do something for the row to change: the operator of the sweep, the recipe's maintainer, nobody. */
export type WhoActs = "nobody" | "operator" | "maintainer";

export interface Finding {
  action: Action;
  reason: DecisionReason;
  /** One sentence for people, with the facts that led to it. */
  detail: string;
  whoActs: WhoActs;
  /** The command that ends it, for what is blocked. */
  command?: string;
}

export interface VersionRef {
  version: string;
  commit: string;
}

export interface Decision {
  recipe: string;
  action: Action;
  reason: DecisionReason;
  detail: string;
  whoActs: WhoActs;
  command?: string;
  /** All findings that apply, the deciding one first. */
  findings: Finding[];
  latest: (VersionRef & { tagObject: string }) | null;
  canonical: VersionRef | null;
  notReleases: { name: string; reason: string }[];
}

import type { RecordReading } from "../canonical.ts";
import type { Broken, Release, TagReading, TagRef } from "../release-tag.ts";

export interface Hold {
  reason: string;
  /** The last day in force, `YYYY-MM-DD`. */
  until: string;
  owner?: string | undefined;
}

/** Upstream's answer: no answer and no tags are different things. */
export type MirrorFacts =
  | { state: "synced"; tags: readonly TagRef[]; askedAt: string }
  | { state: "failed"; problem: string };

export interface RequiredProvider {
  recipe: string;
  mode: "live" | "ephemeral";
  /** Why it cannot be used now; null if it can. */
  problem: string | null;
  /** Its canonical is live but does not answer: it must be brought up, not proven. */
  isDown?: boolean;
}

/** Everything that `sweepDecision` may know about a recipe, which excludes commits of branches. */
export interface RecipeFacts {
  recipe: string;
  /** Only a hold that is in force. */
  hold: Hold | null;
  mirror: MirrorFacts;
  record: RecordReading;
  broken: Broken;
  requires: readonly RequiredProvider[];
}

/** The facts, with derived ones that several rules need. */
export interface Judged {
  facts: RecipeFacts;
  tags: TagReading;
  latest: Release | null;
  canonical: { version: string; commit: string } | null;
  /** There is certainly no canonical: an unreadable record is not an absent one. */
  hasNone: boolean;
  /** How the latest release compares with the canonical; null if one of them is missing. */
  order: number | null;
}

import type { RecordReading } from "../canonical.ts";
import type { Broken, Release, TagReading, TagRef } from "../release-tag.ts";

export interface Hold {
  reason: string;
  /** The last day on which it is in force, `YYYY-MM-DD`. */
  until: string;
  owner?: string | undefined;
}

/** What upstream answered: no answer and no tags are different things. */
export type MirrorFacts =
  | { state: "synced"; tags: readonly TagRef[]; askedAt: string }
  | { state: "failed"; problem: string };

export interface RequiredProvider {
  recipe: string;
  mode: "live" | "ephemeral";
  /** Null when it can be used now; else why it cannot. */
  problem: string | null;
  /** Its canonical is live and does not answer: it has to be brought up, not proven. */
  isDown?: boolean;
}

/** Everything that `sweepDecision` may know of a recipe. No commit of a branch is among it. */
export interface RecipeFacts {
  recipe: string;
  /** Only a hold that is in force. */
  hold: Hold | null;
  mirror: MirrorFacts;
  record: RecordReading;
  broken: Broken;
  requires: readonly RequiredProvider[];
}

/** The facts, with what every rule would otherwise derive again. */
export interface Judged {
  facts: RecipeFacts;
  tags: TagReading;
  latest: Release | null;
  canonical: { version: string; commit: string } | null;
  /** It is known that there is no canonical: a record that cannot be read is not an absent record. */
  hasNone: boolean;
  /** The order of the latest release against the canonical; null where one of them is missing. */
  order: number | null;
}

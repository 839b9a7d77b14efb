import type { Place } from "../compose/located.ts";

export type { Place } from "../compose/located.ts";

export const LEVELS = ["error", "warning", "note"] as const;
export type Level = (typeof LEVELS)[number];

/** What a rule found. */
export interface Found {
  /** Where it is not the level of the rule. */
  level?: Level;
  /** What was found, with the names of what is concerned. */
  message: string;
  /** How to mend it, here. */
  mend: string;
  /** Null where no file is at fault: a tag. */
  at: Place | null;
  /** Other places that belong to it. */
  also?: { at: Place; message: string }[];
}

export interface Finding extends Found {
  rule: string;
  level: Level;
}

/** A finding that a comment beside its line takes back. */
export interface IgnoredFinding extends Finding {
  reason: string;
}

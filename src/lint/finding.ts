import type { Place } from "../compose/located.ts";

export type { Place } from "../compose/located.ts";

export const LEVELS = ["error", "warning", "note"] as const;
export type Level = (typeof LEVELS)[number];

/** What a rule found. */
export interface Found {
  /** Set if it differs from the rule's level. */
  level?: Level;
  /** The finding, with the names concerned. */
  message: string;
  /** The remedy for this case. */
  mend: string;
  /** Null if no file is at fault: a tag. */
  at: Place | null;
  /** Related places. */
  also?: { at: Place; message: string }[];
}

export interface Finding extends Found {
  rule: string;
  level: Level;
}

/** A finding that a comment on its line takes back. */
export interface IgnoredFinding extends Finding {
  reason: string;
}

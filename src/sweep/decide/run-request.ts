import type { Tier } from "../../core/tier.ts";

/** What is asked for by hand. */
export interface RunRequest {
  recipe: string;
  tag: string | null;
  ref: string | null;
  quick: boolean;
  promote: boolean;
  keep: boolean;
  tiers: readonly Tier[];
  acceptMovedTag: boolean;
}

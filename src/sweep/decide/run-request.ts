import type { Tier } from "../../core/tier.ts";

/** A request for a run by hand. */
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

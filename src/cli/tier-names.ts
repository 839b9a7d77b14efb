import type { Tier } from "../core/tier.ts";

/** The tiers, spelt out here so that help and parsing need not load the schema library. */
export const TIER_NAMES = [
  "install",
  "upgrade",
  "backup",
  "restore",
  "custom",
] as const satisfies readonly Tier[];

import type { LaneConfig, RecipeConfig } from "../../config/config.ts";
import type { App } from "../../core/app.ts";
import type { Decision } from "../../core/decision/decision.ts";
import type { RecipeReport } from "../../core/records/report.ts";
import type { TagRef } from "../../core/release-tag.ts";
import type { Tier } from "../../core/tier.ts";
import type { Target } from "./target.ts";

/** What is to be done with one recipe: by a sweep, or by hand. */
export interface RecipeRequest extends Choices {
  recipe: RecipeConfig;
  lane: LaneConfig;
  decision: Decision;
  target: Target;
  /** The tags of the mirror, for the base of an upgrade. */
  tags: readonly TagRef[];
  acknowledged: RecipeReport["acknowledged"] | null;
}

/** What can be chosen for one test. */
export interface Choices {
  wanted: readonly Tier[];
  copyOf: App | null;
  keep: boolean;
  acceptMovedTag: boolean;
  /** `--quick`, `--ref`, `--tier`, `--no-promote`: what rules a promotion out. */
  ruledOutBy: string | null;
  /** The attempt of the same sweep before this one that was red, in words; null where this is the first. */
  retryOf: string | null;
}

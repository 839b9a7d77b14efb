import type { LaneConfig, RecipeConfig } from "../../config/config.ts";
import type { App } from "../../core/app.ts";
import type { Decision } from "../../core/decision/decision.ts";
import type { RecipeReport } from "../../core/records/report.ts";
import type { TagRef } from "../../core/release-tag.ts";
import type { Tier } from "../../core/tier.ts";
import type { Target } from "./target.ts";

/** The work for one recipe, in a sweep or by hand. */
export interface RecipeRequest extends Choices {
  recipe: RecipeConfig;
  lane: LaneConfig;
  decision: Decision;
  target: Target;
  /** The tags of the mirror, for the base of an upgrade. */
  tags: readonly TagRef[];
  acknowledged: RecipeReport["acknowledged"] | null;
}

/** Choices for one test. */
export interface Choices {
  wanted: readonly Tier[];
  copyOf: App | null;
  keep: boolean;
  acceptMovedTag: boolean;
  /** `--quick`, `--ref`, `--tier`, `--no-promote`: the option that rules out a promotion. */
  ruledOutBy: string | null;
  /** The earlier, red attempt of the same sweep, in words; null for the first attempt. */
  retryOf: string | null;
}

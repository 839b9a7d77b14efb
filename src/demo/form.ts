import type { DriverName } from "../core/driver-traits.ts";
import type { SampleRelease } from "./sample-release.ts";
import type { SampleRecipe } from "./story.ts";

/** The drivers that the demo can show; the first is the default. */
export const DEMO_DRIVERS = ["command", "swarm"] as const satisfies readonly DriverName[];
export type DemoDriver = (typeof DEMO_DRIVERS)[number];

/** How the sample apps are deployed: all that differs between the forms of the demo. */
export interface Form {
  /** Settings of `sweep.yaml` beyond the common ones. */
  sweep: Readonly<Record<string, unknown>>;
  /** Settings of a `recipe.yaml` beyond the common ones. */
  recipe(sample: SampleRecipe): Readonly<Record<string, unknown>>;
  /** Files of a recipe's configuration folder beyond its tests, by their path in it; all of them executable. */
  executables(sample: SampleRecipe): Readonly<Record<string, string>>;
  /** What upstream commits for a release, by the path in the repository. */
  release(sample: SampleRecipe, release: SampleRelease): Readonly<Record<string, string>>;
  /** Ends and removes whatever the form has made outside of the demo's folder. */
  close(): Promise<void>;
}

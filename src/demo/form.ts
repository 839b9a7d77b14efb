import type { DriverName } from "../core/driver-traits.ts";
import type { SampleRelease } from "./sample-release.ts";
import type { SampleRecipe } from "./story.ts";

/** The drivers that the demo can show; the first is the default. */
export const DEMO_DRIVERS = ["command", "swarm"] as const satisfies readonly DriverName[];
export type DemoDriver = (typeof DEMO_DRIVERS)[number];

/** How the sample apps are deployed: all differences between the forms of the demo. */
export interface Form {
  /** Additional settings of `sweep.yaml`. */
  sweep: Readonly<Record<string, unknown>>;
  /** Additional settings of a `recipe.yaml`. */
  recipe(sample: SampleRecipe): Readonly<Record<string, unknown>>;
  /** Executable files of a recipe's configuration folder besides its tests, by path. */
  executables(sample: SampleRecipe): Readonly<Record<string, string>>;
  /** Files of a release in upstream's repository, by path. */
  release(sample: SampleRecipe, release: SampleRelease): Readonly<Record<string, string>>;
  /** Removes everything that the form made outside of the demo's folder. */
  close(): Promise<void>;
}

import type { Step } from "../command/step.ts";
import type { Health } from "../config/recipe-schema.ts";
import type { ActResult } from "../core/act.ts";
import type { App, Source } from "../core/app.ts";
import type { Running } from "../core/read-back.ts";
import type { Driver } from "../driver/driver.ts";
import type { Target } from "../edge/probe.ts";
import type { Clock } from "../log.ts";

/** One app with all that is needed to deploy it, to see whether it is healthy and to test it. */
export interface Bed {
  app: App;
  driver: Driver;
  /** The recipe's configuration folder as it was at launch, absolute. */
  folder: string;
  health: Health;
  /** What the recipe may ask of the host: `permissions:`. */
  permissions: readonly string[];
  /** Variables that tests get beyond those of this program: `environment:`. */
  environment: Readonly<Record<string, string>>;
  /** The value of PATH for tests. */
  searchPath: string;
  clock: Clock;
  /** A fresh clean checkout of a version, made for one deploy. */
  checkOut(version: string, commit: string, step: Step): Promise<ActResult<Source>>;
}

/** An app that was deployed and answered, and what runs of it. */
export interface Deployed extends Running {
  source: Source;
  target: Target;
}

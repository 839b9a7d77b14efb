import type { Step } from "../command/step.ts";
import type { Health } from "../config/recipe-schema.ts";
import type { ActResult } from "../core/act.ts";
import type { App, Source } from "../core/app.ts";
import type { Running } from "../core/read-back.ts";
import type { Driver } from "../driver/driver.ts";
import type { Target } from "../edge/probe.ts";
import type { Clock } from "../log.ts";

/** One app with everything needed to deploy it, check its health and test it. */
export interface AppUnderTest {
  app: App;
  driver: Driver;
  /** The recipe's configuration folder at launch, absolute. */
  folder: string;
  health: Health;
  /** Permissions of the recipe on the host: `permissions:`. */
  permissions: readonly string[];
  /** Extra variables for tests: `environment:`. */
  environment: Readonly<Record<string, string>>;
  /** The PATH of tests. */
  searchPath: string;
  clock: Clock;
  /** A fresh clean checkout of a version, for one deploy. */
  checkOut(version: string, commit: string, step: Step): Promise<ActResult<Source>>;
}

/** An app that was deployed and answered, with its running state. */
export interface Deployed extends Running {
  source: Source;
  target: Target;
}

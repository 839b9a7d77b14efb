import type { Step } from "../command/step.ts";
import type { ActResult } from "../core/act.ts";
import type { App, KeptFiles, Lane, Source } from "../core/app.ts";
import type { DriverName } from "../core/driver-traits.ts";
import type { Inventory, Running, ServiceState, Volume } from "../core/read-back.ts";

/**
 * How apps are deployed, in the terms of a cold test. A method never throws for an act of a recipe or of Docker: it
 * returns an `ActResult`. Each ends within the step's deadline and when its signal is aborted.
 */
export interface Driver {
  readonly name: DriverName;

  /** Whether the release at this checkout declares backups, or else why not. */
  declaresBackups(
    app: App,
    source: Source,
    step: Step,
  ): Promise<{ declared: true } | { declared: false; reason: string }>;

  /** Permissions that the release asks for and `recipe.yaml` must name: `docker-socket`, `host-mount:/path` … */
  permissionsNeeded(app: App, source: Source, step: Step): Promise<ActResult<string[]>>;

  /**
   * Starts the release on the app's data and waits until it has converged. A running app is upgraded from `base`. Does
   * not check health over the edge.
   */
  deploy(app: App, source: Source, base: Source | null, step: Step): Promise<ActResult>;

  /**
   * The base URL of the app, without a trailing slash; null: the edge with the app's domain. Fails if the driver should
   * know it and does not (the operator's `url` command failed), which is usual before a deploy.
   */
  url(app: App, source: Source, step: Step): Promise<ActResult<string | null>>;

  /** The running state, read back; `version` is null if nothing runs. */
  running(app: App, source: Source, step: Step): Promise<ActResult<Running>>;

  /** Whether anything of the app is deployed, ours or foreign. */
  isDeployed(app: App, step: Step): Promise<ActResult<boolean>>;

  /** Stops the app and waits until nothing of it runs; volumes, secrets and `.env` stay. Idempotent. */
  undeploy(app: App, source: Source | null, step: Step): Promise<ActResult>;

  /** Removes everything that was made for the app, data included, after checking that it is ours. Idempotent. */
  remove(app: App, step: Step): Promise<ActResult>;

  /** The existing objects of the app, data and secrets included. */
  inventory(app: App, source: Source | null, step: Step): Promise<ActResult<Inventory>>;

  /** The app's existing data volumes, with their sizes. */
  volumes(app: App, step: Step): Promise<ActResult<Volume[]>>;

  /** The `.env` and generated secrets of the deployed app, to be kept with its canonical. */
  kept(app: App, step: Step): Promise<ActResult<KeptFiles>>;

  /** Names of the app's existing secrets and configs. */
  secretsAndConfigs(app: App, step: Step): Promise<ActResult<{ secrets: string[]; configs: string[] }>>;

  /**
   * Removes the app's own secrets and configs that are not in `names`: those added by a rolled-back advance, which the
   * next try must not find. The app is stopped.
   */
  removeSecretsExcept(
    app: App,
    names: { secrets: string[]; configs: string[] },
    step: Step,
  ): Promise<ActResult>;

  /** Copies the data of a stopped app into `into` (an empty absolute folder) and syncs it to disk. */
  snapshot(app: App, into: string, step: Step): Promise<ActResult>;

  /** Replaces the data of a stopped app by a snapshot. Can be repeated after a kill. */
  restoreSnapshot(app: App, from: string, step: Step): Promise<ActResult>;

  /** Copies the data of a stopped app to another one that has none yet: `run --quick`. */
  copyData(from: App, to: App, step: Step): Promise<ActResult>;

  /** Waits until the app's data is on disk. */
  syncData(app: App, step: Step): Promise<ActResult>;

  /** Backs the running app up into `into` (empty, absolute). The value gives the amount of data in the backup. */
  backup(
    app: App,
    source: Source,
    into: string,
    step: Step,
  ): Promise<ActResult<{ files: number; bytes: number; id: string }>>;

  /** Restores the backup `id` of `from` into the running app. */
  restore(app: App, source: Source, from: string, id: string, step: Step): Promise<ActResult>;

  /** Writes logs, states and failed tasks of the app into `folder` before a teardown. Never fails. */
  collectEvidence(app: App, source: Source | null, folder: string, step: Step): Promise<ServiceState[]>;

  /**
   * Removes leftovers of dead runs of this state folder: cold apps with everything made for them. Warm apps are only
   * stopped, except those of the recipes in `live`: their volumes, secrets and `.env` always stay, whatever the records
   * say. Returns a line for each thing removed.
   */
  removeLeftovers(
    lane: Lane,
    owner: string,
    live: readonly string[],
    step: Step,
  ): Promise<ActResult<string[]>>;

  /** The things that `removeLeftovers` would remove, a line each; touches nothing. */
  findLeftovers(lane: Lane, owner: string, live: readonly string[], step: Step): Promise<ActResult<string[]>>;
}

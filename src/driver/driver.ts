import type { Step } from "../command/step.ts";
import type { ActResult } from "../core/act.ts";
import type { App, KeptFiles, Lane, Source } from "../core/app.ts";
import type { DriverName } from "../core/driver-traits.ts";
import type { Inventory, Running, ServiceState, Volume } from "../core/read-back.ts";

/**
 * How apps are deployed, in the words of a cold test. A method never throws for what a recipe or Docker does:
 * it returns an `ActResult`. All of them end within the step's deadline and when its signal is aborted.
 */
export interface Driver {
  readonly name: DriverName;

  /** Whether the release at this checkout declares backups; else why not. */
  declaresBackups(
    app: App,
    source: Source,
    step: Step,
  ): Promise<{ declared: true } | { declared: false; reason: string }>;

  /** Permissions that the release asks for and `recipe.yaml` must name: `docker-socket`, `host-mount:/path` … */
  permissionsNeeded(app: App, source: Source, step: Step): Promise<ActResult<string[]>>;

  /**
   * Starts the release on the app's data and waits until it has converged. On a running app it upgrades from
   * `base`. Health over the edge is not its business.
   */
  deploy(app: App, source: Source, base: Source | null, step: Step): Promise<ActResult>;

  /**
   * The base URL of the app, without a trailing slash; null: the edge with the app's domain. A failure means
   * that the driver should know it and does not (the operator's `url` command failed): usual before a deploy.
   */
  url(app: App, source: Source, step: Step): Promise<ActResult<string | null>>;

  /** What runs now, read back; `version` null when nothing does. */
  running(app: App, source: Source, step: Step): Promise<ActResult<Running>>;

  /** Whether anything of the app is deployed, ours or not. */
  isDeployed(app: App, step: Step): Promise<ActResult<boolean>>;

  /** Stops the app and waits until nothing of it runs; volumes, secrets and `.env` stay. Idempotent. */
  undeploy(app: App, source: Source | null, step: Step): Promise<ActResult>;

  /** Removes everything that was made for the app, its data included, checking that it is ours. Idempotent. */
  remove(app: App, step: Step): Promise<ActResult>;

  /** What exists of the app now, data and secrets included. */
  inventory(app: App, source: Source | null, step: Step): Promise<ActResult<Inventory>>;

  /** The app's data volumes that exist, with their sizes. */
  volumes(app: App, step: Step): Promise<ActResult<Volume[]>>;

  /** The `.env` and generated secrets with which the app was deployed, to be kept with its canonical. */
  kept(app: App, step: Step): Promise<ActResult<KeptFiles>>;

  /** Names of the secrets and configs that exist for the app. */
  secretsAndConfigs(app: App, step: Step): Promise<ActResult<{ secrets: string[]; configs: string[] }>>;

  /**
   * Removes the app's own secrets and configs that are not in `names`: what a rolled-back advance added, so
   * that the next try does not find it. The app is stopped.
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

  /** Backs the running app up into `into` (empty, absolute). The value says how much there is in the backup. */
  backup(
    app: App,
    source: Source,
    into: string,
    step: Step,
  ): Promise<ActResult<{ files: number; bytes: number; id: string }>>;

  /** Restores the backup `id` of `from` into the running app. */
  restore(app: App, source: Source, from: string, id: string, step: Step): Promise<ActResult>;

  /** Writes logs, states and failed tasks of the app into `folder`, before it is torn down. Never fails. */
  collectEvidence(app: App, source: Source | null, folder: string, step: Step): Promise<ServiceState[]>;

  /**
   * Removes what dead runs of this state folder left: cold apps with all that was made for them. Of warm apps
   * nothing but what runs is ended, and not for the recipes in `live`: their volumes, secrets and `.env` always
   * stay, whatever the records say. Returns a line for each thing removed.
   */
  removeLeftovers(
    lane: Lane,
    owner: string,
    live: readonly string[],
    step: Step,
  ): Promise<ActResult<string[]>>;

  /** What `removeLeftovers` would remove, a line for each thing; nothing is touched. */
  findLeftovers(lane: Lane, owner: string, live: readonly string[], step: Step): Promise<ActResult<string[]>>;
}

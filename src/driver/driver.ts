import type { Step } from "../command/step.ts";

/** One deployment of a recipe: a cold one at a throw-away domain, or the warm one of its canonical. */
export interface App {
  recipe: string;
  instance: "cold" | "warm";
  domain: string;
  /** `stackName(domain)`. */
  stack: string;
  run: string;
  lane: Lane;
  edge: Edge;
  /** The id of the state folder, carried by every object that is made. */
  owner: string;
  /** An absolute folder of this app for the driver's own files; gone after the run. */
  scratch: string;
  /** Where an app of the command driver keeps its data (`SWEEP_DATA`), absolute. */
  data: string;
  /** What is filled into the app's `.env`: the recipe's `env:`, then what its providers' `setup` printed. */
  env: Readonly<Record<string, string>>;
  /** The `.env` and the generated secrets that this app is to start with; null: they are made anew. */
  kept: KeptFiles | null;
}

export interface Lane {
  name: string;
  /** abra's server. */
  server: string;
  /** Docker's context. */
  context: string;
}

/** How a health probe reaches an app. */
export interface Edge {
  address: string;
  port: number;
  scheme: "https" | "http";
  caFile?: string | undefined;
}

/** The `.env` and the values of generated secrets, by the name that the recipe gives them. */
export interface KeptFiles {
  env: string | null;
  secrets: Readonly<Record<string, string>>;
}

/** A release, or any commit, checked out. */
export interface Source {
  recipe: string;
  /** The tag's name; 12 hex digits of the commit where it is no release. */
  version: string;
  /** In full. */
  commit: string;
  /** An absolute folder with a fresh clean checkout, made for one deploy. */
  checkout: string;
  /** The bare mirror that it comes from, absolute. */
  mirror: string;
}

/** Why an act did not succeed: a value, never thrown. */
export interface Failure {
  /**
   * `recipe`: what was deployed is at fault. `timeout`: a limit was reached. `machinery`: the surroundings
   * (Docker away, a tool missing, a registry gone). `refused`: something that is not ours stands in the way.
   * `interrupted`: the operator asked to stop.
   */
  cause: "recipe" | "timeout" | "machinery" | "refused" | "interrupted";
  /** What was being done: `deploy`, `converge`, `health`, `backup` … */
  step: string;
  /** The first error, on one line, in the words of whoever said it. */
  message: string;
  /** With `timeout`: the limit and the last thing seen. */
  limitMs?: number;
  lastSeen?: string;
}

export type Outcome<T = void> = { ok: true; value: T } | { ok: false; failure: Failure };

/** What runs, read back after the act. */
export interface Running {
  /** The version that the running app says it has; null where it cannot be known. */
  version: string | null;
  images: { service: string; digest: string }[];
}

export interface Volume {
  name: string;
  /** The sum of the lengths of its files. */
  bytes: number;
  /** Of the disk, in bytes: less where files are sparse. */
  used: number;
}

/** What exists of an app. `ours` is proven to be made by this state folder; `foreign` merely has its name. */
export interface Inventory {
  ours: string[];
  foreign: string[];
}

/** The state of one service at the moment of its collection, for briefs. */
export interface ServiceState {
  service: string;
  state: string;
  lastLogLines: string[];
  failedTasks: string[];
}

export type DriverName = "abra" | "swarm" | "command";

/**
 * How apps are deployed, in the words of a cold test. A method never throws for what a recipe or Docker does:
 * it returns an `Outcome`. All of them end within the step's deadline and when its signal is aborted.
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
  permissionsNeeded(app: App, source: Source, step: Step): Promise<Outcome<string[]>>;

  /**
   * Starts the release on the app's data and waits until it has converged. On a running app it upgrades from
   * `base`. Health over the edge is not its business.
   */
  deploy(app: App, source: Source, base: Source | null, step: Step): Promise<Outcome>;

  /**
   * The base URL of the app, without a trailing slash; null: the edge with the app's domain. A failure means
   * that the driver should know it and does not (the operator's `url` command failed): usual before a deploy.
   */
  url(app: App, source: Source, step: Step): Promise<Outcome<string | null>>;

  /** What runs now, read back; `version` null when nothing does. */
  running(app: App, source: Source, step: Step): Promise<Outcome<Running>>;

  /** Whether anything of the app is deployed, ours or not. */
  isDeployed(app: App, step: Step): Promise<Outcome<boolean>>;

  /** Stops the app and waits until nothing of it runs; volumes, secrets and `.env` stay. Idempotent. */
  undeploy(app: App, source: Source | null, step: Step): Promise<Outcome>;

  /** Removes everything that was made for the app, its data included, checking that it is ours. Idempotent. */
  remove(app: App, step: Step): Promise<Outcome>;

  /** What exists of the app now, data and secrets included. */
  inventory(app: App, source: Source | null, step: Step): Promise<Outcome<Inventory>>;

  /** The app's data volumes that exist, with their sizes. */
  volumes(app: App, step: Step): Promise<Outcome<Volume[]>>;

  /** The `.env` and generated secrets with which the app was deployed, to be kept with its canonical. */
  kept(app: App, step: Step): Promise<Outcome<KeptFiles>>;

  /** Names of the secrets and configs that exist for the app. */
  secretsAndConfigs(app: App, step: Step): Promise<Outcome<{ secrets: string[]; configs: string[] }>>;

  /**
   * Removes the app's own secrets and configs that are not in `names`: what a rolled-back advance added, so
   * that the next try does not find it. The app is stopped.
   */
  removeSecretsExcept(
    app: App,
    names: { secrets: string[]; configs: string[] },
    step: Step,
  ): Promise<Outcome>;

  /** Copies the data of a stopped app into `into` (an empty absolute folder) and syncs it to disk. */
  snapshot(app: App, into: string, step: Step): Promise<Outcome>;

  /** Replaces the data of a stopped app by a snapshot. Can be repeated after a kill. */
  restoreSnapshot(app: App, from: string, step: Step): Promise<Outcome>;

  /** Copies the data of a stopped app to another one that has none yet: `run --quick`. */
  copyData(from: App, to: App, step: Step): Promise<Outcome>;

  /** Waits until the app's data is on disk. */
  syncData(app: App, step: Step): Promise<Outcome>;

  /** Backs the running app up into `into` (empty, absolute). The value says how much there is in the backup. */
  backup(
    app: App,
    source: Source,
    into: string,
    step: Step,
  ): Promise<Outcome<{ files: number; bytes: number; id: string }>>;

  /** Restores the backup `id` of `from` into the running app. */
  restore(app: App, source: Source, from: string, id: string, step: Step): Promise<Outcome>;

  /** Writes logs, states and failed tasks of the app into `folder`, before it is torn down. Never fails. */
  collectEvidence(app: App, source: Source | null, folder: string, step: Step): Promise<ServiceState[]>;

  /**
   * Removes what dead runs of this state folder left: cold apps with all that was made for them. Of warm apps
   * nothing but what runs is ended, and not for the recipes in `live`: their volumes, secrets and `.env` always
   * stay, whatever the records say. Returns a line for each thing removed.
   */
  removeLeftovers(lane: Lane, owner: string, live: readonly string[], step: Step): Promise<Outcome<string[]>>;

  /** What `removeLeftovers` would remove, a line for each thing; nothing is touched. */
  findLeftovers(lane: Lane, owner: string, live: readonly string[], step: Step): Promise<Outcome<string[]>>;
}

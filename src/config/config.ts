import type { Edge, Lane } from "../core/app.ts";
import type { KnownCause } from "../core/cause/known-cause.ts";
import type { DriverName } from "../core/driver-traits.ts";
import type { Commands, Health, Requirement, TestRule } from "./recipe-schema.ts";

/** All limits in milliseconds. */
export interface Timeouts {
  deploy: number;
  tier: number;
  promote: number;
  recipe: number;
  sweep: number;
  git: number;
}

export interface ForgeConfig {
  kind: "gitea";
  url: string;
  tokenFile: string;
  /** Each recipe that needs its maintainer has an issue in its mirror. */
  issues: boolean;
}

/** A receiver of notifications. */
export interface WebhookConfig {
  /** `{run}` stands for the run's id. */
  url: string;
  on: "change" | "always" | "failure";
  method: "POST" | "PUT";
  /** The body to send, with placeholders in its texts; undefined: the notice as it is. */
  body: unknown;
  /** A file with a bearer token, absolute; null: none. */
  tokenFile: string | null;
}

export interface MirrorConfig {
  /** With `{recipe}` filled in; a relative path is made absolute, from the configuration folder. */
  url: string;
  forge: ForgeConfig | null;
}

/** A recipe's configuration, with all defaults from `sweep.yaml` filled in. */
export interface RecipeConfig {
  recipe: string;
  /** The folder `recipes/<recipe>`, absolute. */
  folder: string;
  enrolled: boolean;
  /** Why it is not enrolled; null if it is. */
  reason: string | null;
  warm: "idle" | "live";
  driver: DriverName;
  /** With `{recipe}` filled in; a relative path is made absolute, from the configuration folder. */
  upstream: string;
  mirror: MirrorConfig | null;
  timeouts: Timeouts;
  /** The warm domain. */
  domain: string;
  health: Health;
  env: Readonly<Record<string, string>>;
  requires: readonly Requirement[];
  tests: Readonly<Record<string, TestRule>>;
  broken: Readonly<Record<string, string>>;
  permissions: readonly string[];
  commands: Commands | null;
}

export interface LaneConfig extends Lane {
  edge: Edge;
}

/** `sweep.yaml` and all `recipe.yaml`, checked, in the program's units. */
export interface Config {
  /** The configuration folder, absolute. */
  folder: string;
  /** Whether the folder `recipes` exists: a missing one counts as nothing enrolled. */
  hasRecipeFolder: boolean;
  domain: string;
  /** The state folder, absolute. */
  state: string;
  schedule: string;
  timezone: string;
  lanes: readonly LaneConfig[];
  floor: number;
  timeouts: Timeouts;
  /** Bytes. */
  disk: { minFree: number; canonicals: number };
  breaker: number;
  crashLoop: { exits: number; longestUpMs: number };
  snapshotHelper: string;
  /** The share of the host's processors, 0 to 1, above which others make it busy. */
  investigate: { busyAbove: number };
  /** Numbers of sweeps and of other runs to keep, and their greatest age in days. */
  keep: { runs: number; days: number | null };
  listen: string;
  /** Names under which the status page may be requested, besides addresses and localhost. */
  allowedHosts: readonly string[];
  /** The folders to search for tools, in this order; never an inherited PATH. */
  path: readonly string[];
  tools: readonly { name: string; atLeast: string | null }[];
  environment: Readonly<Record<string, string>>;
  notify: readonly WebhookConfig[];
  heartbeat: string | null;
  /** The entries of `known-causes.yaml`. */
  knownCauses: readonly KnownCause[];
  /** By name, sorted, including those with `canonical: false` and a reason. */
  recipes: readonly RecipeConfig[];
  /**
   * Folders in `recipes` without a `recipe.yaml`: not enrolled, but listed. A formerly enrolled recipe that is now in
   * this list is gone without a reason, which makes a sweep hollow.
   */
  withoutFile: readonly string[];
}

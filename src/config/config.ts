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
  /** A recipe that needs its maintainer has an issue in its mirror. */
  issues: boolean;
}

/** A receiver of notifications. */
export interface WebhookConfig {
  /** `{run}` stands for the run's id. */
  url: string;
  on: "change" | "always" | "failure";
  method: "POST" | "PUT";
  /** What is sent, with placeholders in its texts; undefined: the notice as it is. */
  body: unknown;
  /** A file that holds a bearer token, absolute; null: none. */
  tokenFile: string | null;
}

export interface MirrorConfig {
  /** With `{recipe}` filled in; a relative path is made absolute, from the configuration folder. */
  url: string;
  forge: ForgeConfig | null;
}

/** A recipe as it is configured, with everything that `sweep.yaml` sets for it filled in. */
export interface RecipeConfig {
  recipe: string;
  /** The folder `recipes/<recipe>`, absolute. */
  folder: string;
  enrolled: boolean;
  /** Why it is not enrolled; null where it is. */
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

/** `sweep.yaml` and all `recipe.yaml`, checked, in the units that the program works in. */
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
  /** So many sweeps and so many other runs, none of them older than so many days. */
  keep: { runs: number; days: number | null };
  listen: string;
  /** Names by which the status page may be asked for, beside addresses and localhost. */
  allowedHosts: readonly string[];
  /** The folders in which tools are looked for, in this order; never an inherited PATH. */
  path: readonly string[];
  tools: readonly { name: string; atLeast: string | null }[];
  environment: Readonly<Record<string, string>>;
  notify: readonly WebhookConfig[];
  heartbeat: string | null;
  /** The entries of `known-causes.yaml`. */
  knownCauses: readonly KnownCause[];
  /** By name, sorted; those with `canonical: false` (and a reason) among them. */
  recipes: readonly RecipeConfig[];
  /**
   * Folders in `recipes` without a `recipe.yaml`: not enrolled, and listed. A recipe that was enrolled before
   * and stands here now is gone without a reason, which makes a sweep hollow.
   */
  withoutFile: readonly string[];
}

/** The running state, read back after the act. */
export interface Running {
  /** The version that the running app reports; null if unknown. */
  version: string | null;
  images: { service: string; digest: string }[];
}

export interface Volume {
  name: string;
  /** The sum of the lengths of its files. */
  bytes: number;
  /** Bytes on disk: fewer than the length for sparse files. */
  used: number;
}

/**
 * The existing objects of an app. `ours` are proven to be made by this state folder; `foreign` ones only have its name.
 */
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

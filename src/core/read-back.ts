/** The running state, read back after the act. */
export interface Running {
  /** The version that the running app reports; null if unknown. */
  version: string | null;
  /** Why it cannot be known, in the words of the command that failed to say it. */
  versionProblem?: string;
  images: { service: string; digest: string }[];
}

/** Says that the version of what runs is not known, and why where a command said why. */
export function unknownVersion({ versionProblem }: Pick<Running, "versionProblem">): string {
  const why = versionProblem === undefined ? "" : `: ${versionProblem}`;
  return `the running version cannot be read back${why}`;
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

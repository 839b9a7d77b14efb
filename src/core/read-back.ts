/** What runs, read back after the act. */
export interface Running {
  /** The version that the running app says it has; null where it cannot be known. */
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

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
  /** The id of the state folder, carried by every object we make. */
  owner: string;
  /** The driver's folder for this app's files, absolute; removed after the run. */
  scratch: string;
  /** Data folder of an app of the command driver (`SWEEP_DATA`), absolute. */
  data: string;
  /** Variables for the app's `.env`: the recipe's `env:`, then the output of its providers' `setup`. */
  env: Readonly<Record<string, string>>;
  /** The `.env` and the generated secrets to start with; null: new ones are made. */
  kept: KeptFiles | null;
}

export interface Lane {
  name: string;
  /** abra's server. */
  server: string;
  /** Docker's context. */
  context: string;
}

/** How health probes reach an app. */
export interface Edge {
  address: string;
  port: number;
  scheme: "https" | "http";
  caFile?: string | undefined;
}

/** The `.env` and the values of generated secrets, by the recipe's names. */
export interface KeptFiles {
  env: string | null;
  secrets: Readonly<Record<string, string>>;
}

/** A release, or any commit, checked out. */
export interface Source {
  recipe: string;
  /** The tag's name, or the first 12 hex digits of a commit that is not a release. */
  version: string;
  /** In full. */
  commit: string;
  /** An absolute folder with a fresh clean checkout, for one deploy. */
  checkout: string;
  /** The bare mirror of the checkout, absolute. */
  mirror: string;
}

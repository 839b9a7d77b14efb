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

/** What a test is told about the app that it looks at. */
export interface TestFacts {
  /** The value of PATH: `path:`, then the system's folders; never an inherited one. */
  searchPath: string;
  /** `environment:` of `sweep.yaml`. */
  environment: Readonly<Record<string, string>>;
  recipe: string;
  version: string;
  commit: string;
  /** The version that is upgraded from; null outside of an upgrade, and while the base itself is deployed. */
  baseVersion: string | null;
  tier: string | null;
  domain: string;
  /** Null where it is not known yet. */
  url: string | null;
  stack: string;
  volumes: readonly string[];
  /** An absolute folder, empty for each test; HOME too. */
  scratch: string;
  run: string;
}

/** What a command of the command driver is told beyond a test. */
export interface CommandFacts extends TestFacts {
  /** Null where nothing is checked out. */
  checkout: string | null;
  data: string;
  instance: "cold" | "warm";
  backup: string | null;
  /** The recipe's `env:`, and what its providers' `setup` printed. */
  env: Readonly<Record<string, string>>;
}

/**
 * The whole environment of a recipe's test: nothing is inherited, and what does not apply is empty. What is ours comes
 * last, so that neither `environment:` nor a recipe can change it. Source: contract of the tests.
 */
export function testEnvironment(facts: TestFacts): Record<string, string> {
  return {
    LANG: "C.UTF-8",
    ...facts.environment,
    PATH: facts.searchPath,
    HOME: facts.scratch,
    SWEEP_RECIPE: facts.recipe,
    SWEEP_VERSION: facts.version,
    SWEEP_COMMIT: facts.commit,
    SWEEP_BASE_VERSION: facts.baseVersion ?? "",
    SWEEP_TIER: facts.tier ?? "",
    SWEEP_DOMAIN: facts.domain,
    SWEEP_URL: withoutTrailingSlash(facts.url ?? ""),
    SWEEP_STACK: facts.stack,
    SWEEP_VOLUMES: facts.volumes.join("\n"),
    SWEEP_SCRATCH: facts.scratch,
    SWEEP_RUN: facts.run,
  };
}

/**
 * The whole environment of a command of the command driver: that of a test, the app's own folders, and the
 * app's `env:` as variables, because nothing else carries it to the app.
 */
export function commandEnvironment(facts: CommandFacts): Record<string, string> {
  const { environment } = facts;
  return {
    ...testEnvironment({ ...facts, environment: { ...environment, ...facts.env } }),
    SWEEP_CHECKOUT: facts.checkout ?? "",
    SWEEP_DATA: facts.data,
    SWEEP_INSTANCE: facts.instance,
    SWEEP_BACKUP: facts.backup ?? "",
  };
}

/** A URL as `SWEEP_URL` has it. */
export function withoutTrailingSlash(url: string): string {
  return url.replace(/\/+$/, "");
}

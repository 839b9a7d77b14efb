/** Facts about an app for a test of it. */
export interface TestFacts {
  /** The PATH: `path:`, then the system's folders; never an inherited one. */
  searchPath: string;
  /** `environment:` of `sweep.yaml`. */
  environment: Readonly<Record<string, string>>;
  recipe: string;
  version: string;
  commit: string;
  /** The version to upgrade from; null outside of an upgrade, and while the base itself is deployed. */
  baseVersion: string | null;
  tier: string | null;
  domain: string;
  /** Null while unknown. */
  url: string | null;
  stack: string;
  volumes: readonly string[];
  /** An absolute folder, empty for each test; also HOME. */
  scratch: string;
  run: string;
}

/** Additional facts for a command of the command driver. */
export interface CommandFacts extends TestFacts {
  /** Null without a checkout. */
  checkout: string | null;
  data: string;
  instance: "cold" | "warm";
  backup: string | null;
  /** The recipe's `env:`, and the output of its providers' `setup`. */
  env: Readonly<Record<string, string>>;
}

/**
 * The complete environment of a recipe's test: nothing is inherited, and values that do not apply are empty. Our own
 * variables come last, so neither `environment:` nor a recipe can change them. Source: contract of the tests.
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
 * The complete environment of a command of the command driver: that of a test, the app's own folders, and the app's
 * `env:`, since nothing else passes it to the app.
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

/** A URL in the form of `SWEEP_URL`. */
export function withoutTrailingSlash(url: string): string {
  return url.replace(/\/+$/, "");
}

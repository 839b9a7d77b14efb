const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

/**
 * How much a recipe, its tests and its containers may say. Whoever finds more than that says so, with the bound and
 * what was found; docs/guarantees.md has the same numbers, by the same names.
 */
export const BOUNDS = {
  /** Characters of a secret that is generated. What is shorter could not be redacted; none that is longer is known. */
  shortestSecret: 8,
  longestSecret: 512,
  /** Secrets that a release has generated. */
  secrets: 100,
  /** Bytes of `.env.sample`, of `abra.sh` and of a kept `.env`. */
  envFileBytes: 256 * KIB,
  /** Variables of a release. */
  variables: 2_000,
  /** Bytes of one variable, filled in: Linux starts no program with one of 128 KiB. */
  variableBytes: 64 * KIB,
  /** Bytes of all variables, filled in: Linux starts no program with more than 2 MiB. */
  variablesBytes: 512 * KIB,
  /** Bytes of all variables whose names say that they are secret: each is looked for in all that is written. */
  secretVariablesBytes: 32 * KIB,
  /** Tags of an upstream. */
  tags: 10_000,
  /** Bytes of a tag's name: no disk takes a longer name of a file. */
  tagBytes: 255,
  /** Files of a checkout, and bytes of them all. */
  checkoutFiles: 100_000,
  checkoutBytes: 2 * GIB,
  /** Bytes of the files of a release that are read at once without a checkout. */
  releaseBytes: 16 * MIB,
  /** Bytes of a text that others wrote, where nothing else is said. */
  textBytes: 4 * MIB,
  /** Bytes of each output of a command that are returned; at most twice of it is on disk while it runs. */
  outputBytes: 4 * MIB,
  /** Bytes of a JUnit file, and elements within one another in it. */
  junitBytes: 1 * MIB,
  junitDepth: 100,
  /** Failed cases of a JUnit file that are named. */
  junitFailures: 100,
  /** Variables that the `setup` of a provider prints, and bytes of them all. */
  setupVariables: 200,
  setupBytes: 64 * KIB,
  /** Bytes of one line that the events of Docker are read by. */
  eventBytes: 1 * MIB,
  /** Bytes of the log of one step. */
  stepLogBytes: 8 * MIB,
  /** Bytes of the logs of all steps of a recipe's test. */
  stepLogsBytes: 64 * MIB,
  /** Characters of the log of one service, and of all services, that are kept before an app is removed. */
  serviceLogCharacters: 1 * MIB,
  serviceLogsCharacters: 16 * MIB,
  /** Containers of a service whose logs are read, the newest of them. */
  serviceContainers: 10,
  /** Warnings of a recipe's test that are kept. */
  warnings: 200,
} as const;

/** Says that a bound was passed: `begin` and what was found, and what is allowed. */
export function pastBound(begin: string, found: number, most: number, unit: string): string {
  return `${begin} ${found} ${unit}; at most ${most} are allowed`;
}

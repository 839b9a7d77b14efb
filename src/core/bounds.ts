const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * How much a recipe, its tests and its containers may say. Whoever reads more than that says so by
 * `pastBound`; docs/guarantees.md has the same numbers, by the same names.
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
  /** Bytes of a JUnit file, elements within one another in it, and elements in all. */
  junitBytes: 4 * MIB,
  junitDepth: 100,
  junitElements: 100_000,
  /** Failed cases of a JUnit file that are named. */
  junitFailures: 100,
  /** Bytes of one line that is read of an output. */
  lineBytes: 16 * KIB,
  /** Bytes of the log of one step. */
  stepLogBytes: 8 * MIB,
  /** Bytes of the logs of all steps of a recipe's test. */
  stepLogsBytes: 64 * MIB,
  /** Bytes of the log of one service, and of all services of an app. */
  serviceLogBytes: 1 * MIB,
  serviceLogsBytes: 16 * MIB,
} as const;

/** Says that a bound was passed: what was found, and what is allowed. */
export function pastBound(what: string, found: number | string, most: number, unit: string): string {
  return `${what} has ${found} ${unit}; at most ${most} are allowed`;
}

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

/**
 * Bounds on recipes, their tests and their containers. An excess is reported with the bound and the amount found;
 * docs/guarantees.md lists the same numbers under the same names.
 */
export const BOUNDS = {
  /** Characters of a generated secret. A shorter one could not be redacted; no known app needs a longer one. */
  shortestSecret: 8,
  longestSecret: 512,
  /** Generated secrets of a release. */
  secrets: 100,
  /** Bytes of `.env.sample`, of `abra.sh` and of a kept `.env`. */
  envFileBytes: 256 * KIB,
  /** Variables of a release. */
  variables: 2_000,
  /** Bytes of one variable, filled in: Linux starts no program with a variable of 128 KiB. */
  variableBytes: 64 * KIB,
  /** Bytes of all variables, filled in: Linux starts no program with more than 2 MiB. */
  variablesBytes: 512 * KIB,
  /** Bytes of all variables with secret-sounding names: each value is searched for in everything written. */
  secretVariablesBytes: 32 * KIB,
  /** Tags of an upstream. */
  tags: 10_000,
  /** Bytes of a tag's name: no disk takes a longer file name. */
  tagBytes: 255,
  /** Files of a checkout, and their bytes. */
  checkoutFiles: 100_000,
  checkoutBytes: 2 * GIB,
  /** Bytes of a release's files that are read at once without a checkout. */
  releaseBytes: 16 * MIB,
  /** Bytes of a text from outside, unless another bound applies. */
  textBytes: 4 * MIB,
  /** Bytes returned of each output of a command; at most twice that is on disk while it runs. */
  outputBytes: 4 * MIB,
  /** Bytes of a JUnit file, and depth of its elements. */
  junitBytes: 1 * MIB,
  junitDepth: 100,
  /** Failed cases named from a JUnit file. */
  junitFailures: 100,
  /** Variables printed by a provider's `setup`, and their bytes. */
  setupVariables: 200,
  setupBytes: 64 * KIB,
  /** Bytes of one line of Docker's events. */
  eventBytes: 1 * MIB,
  /** Bytes of the log of one step. */
  stepLogBytes: 8 * MIB,
  /** Bytes of the logs of all steps of a recipe's test. */
  stepLogsBytes: 64 * MIB,
  /** Characters kept of the log of one service, and of all services, before an app is removed. */
  serviceLogCharacters: 1 * MIB,
  serviceLogsCharacters: 16 * MIB,
  /** Newest containers of a service whose logs are read. */
  serviceContainers: 10,
  /** Warnings kept of a recipe's test. */
  warnings: 200,
} as const;

/** A sentence for a passed bound: `begin`, the amount found, and the allowed amount. */
export function pastBound(begin: string, found: number, most: number, unit: string): string {
  return `${begin} ${found} ${unit}; at most ${most} are allowed`;
}

import { isAtLeast } from "./version-order.ts";

/**
 * The versions of Docker with which this program is tested, engine and client alike: every change, on a real swarm.
 * Source: Debian 12, and `.ci/parts/current-docker`.
 */
export const TESTED_DOCKER = { oldest: "20.10", newest: "28.5" } as const;

/** What a version is to those that are tested; null where it is one of them or between them. A patch does not count. */
export function outsideTestedDocker(version: string): string | null {
  const { newest, oldest } = TESTED_DOCKER;
  if (!isAtLeast(version, oldest)) return `older than ${oldest}, the oldest that is tested`;
  const [minor = version] = /^\d+\.\d+/.exec(version) ?? [];
  return isAtLeast(newest, minor) ? null : `newer than ${newest}, the newest that is tested`;
}

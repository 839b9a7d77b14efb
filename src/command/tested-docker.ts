import { isAtLeast } from "./version-order.ts";

/**
 * The versions of Docker, engine and client alike, with which every change to this program is tested on a real swarm.
 * Source: Debian 12, and `.ci/parts/current-docker`.
 */
export const TESTED_DOCKER = { oldest: "20.10", newest: "28.5" } as const;

/** How a version relates to the tested range; null within it. The patch number does not count. */
export function outsideTestedDocker(version: string): string | null {
  const { newest, oldest } = TESTED_DOCKER;
  if (!isAtLeast(version, oldest)) return `older than ${oldest}, the oldest that is tested`;
  const [minor = version] = /^\d+\.\d+/.exec(version) ?? [];
  return isAtLeast(newest, minor) ? null : `newer than ${newest}, the newest that is tested`;
}

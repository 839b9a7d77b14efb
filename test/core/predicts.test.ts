import { expect, test } from "vitest";
import { predicts } from "../../src/core/cause/predicts.ts";
import type { Tier } from "../../src/core/tier.ts";

const LOST = "restore: the planted data is not found again: relation does not exist";
const READ_ONLY = "converge: app: crash loop: cannot create /data/app.conf: Read-only file system";
const NO_ANSWER = "health: HTTP 404 from warm-notes.ci.test/, wanted 200";
const OF_A_TEST = "custom/image: error: it is not the official image";

test.for<[rule: string, tier: Tier | null, isOfTest: boolean, firstError: string, expected: boolean]>([
  ["compose-unreadable", "install", false, 'deploy: service app: undefined network "backend"', true],
  ["compose-unreadable", "install", true, OF_A_TEST, false],
  ["compose-unreadable", "restore", false, "restore: the hook failed", false],
  ["duration-variable", "upgrade", false, "deploy: does not match format 'duration'", true],
  ["config-version-unchanged", "upgrade", false, "deploy: only updates to Labels are allowed", true],
  ["config-version-unchanged", "install", false, "deploy: network proxy not found", false],
  ["config-version-unchanged", null, false, READ_ONLY, false],
  ["read-only-config", null, false, READ_ONLY, true],
  ["read-only-config", "install", true, "install/settings: cp: /app.conf: Device or resource busy", true],
  ["read-only-config", "install", true, OF_A_TEST, false],
  ["shared-network-alias", null, false, NO_ANSWER, true],
  ["shared-network-alias", "install", true, NO_ANSWER, true],
  ["shared-network-alias", "install", true, OF_A_TEST, false],
  ["restore-hook-missing", "restore", true, LOST, true],
  ["restore-hook-missing", "restore", true, "restore/users: error: expected 3 users", false],
  ["restore-hook-missing", "install", false, READ_ONLY, false],
  ["hot-database-directory", "backup", false, "backup: it failed", true],
  ["test-asserts-no-release", "install", true, OF_A_TEST, false],
  ["lightweight-tag", "install", false, "deploy: R014", false],
])(
  "the lint rule %s at tier %s (of a test: %s) predicts the error %s: %s",
  ([rule, tier, isOfTest, firstError, expected]) => {
    expect(predicts(rule, { tier, isOfTest, firstError })).toBe(expected);
  },
);

import type { Rule } from "./rule.ts";
import { composeUnreadable } from "./rules/compose-unreadable.ts";
import { configVersionUnchanged } from "./rules/config-version-unchanged.ts";
import { durationVariable } from "./rules/duration-variable.ts";
import { hotDatabaseDirectory } from "./rules/hot-database-directory.ts";
import { lightweightTag } from "./rules/lightweight-tag.ts";
import { readOnlyConfig } from "./rules/read-only-config.ts";
import { restoreHookMissing } from "./rules/restore-hook-missing.ts";
import { sharedNetworkAlias } from "./rules/shared-network-alias.ts";
import { testAssertsNoRelease } from "./rules/test-asserts-no-release.ts";

/** All rules. */
export const RULES: readonly Rule[] = [
  composeUnreadable,
  configVersionUnchanged,
  durationVariable,
  hotDatabaseDirectory,
  lightweightTag,
  readOnlyConfig,
  restoreHookMissing,
  sharedNetworkAlias,
  testAssertsNoRelease,
];

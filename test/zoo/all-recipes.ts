import type { ZooRecipe } from "./recipe.ts";
import { ALIAS_COLLISION } from "./recipes/alias-collision.ts";
import { BROCHURE } from "./recipes/brochure.ts";
import { CLOUD } from "./recipes/cloud.ts";
import { CRASH_LOOP } from "./recipes/crash-loop.ts";
import { FLAKE_UNDER_LOAD } from "./recipes/flake-under-load.ts";
import { GIT_SERVER } from "./recipes/git-server.ts";
import { JWT_READ_ONLY } from "./recipes/jwt-read-only.ts";
import { LOGIN } from "./recipes/login.ts";
import { MIGRATIONS } from "./recipes/migrations.ts";
import { MISSING_TOOL } from "./recipes/missing-tool.ts";
import { NGINX } from "./recipes/nginx.ts";
import { NO_RESTORE_HOOK } from "./recipes/no-restore-hook.ts";
import { POSTGRES } from "./recipes/postgres.ts";
import { PULL_REQUEST_TEST } from "./recipes/pull-request-test.ts";
import { REDIS_CACHE } from "./recipes/redis.ts";
import { SHOP } from "./recipes/shop.ts";
import { SLOW_START } from "./recipes/slow-start.ts";
import { STALE_TEST } from "./recipes/stale-test.ts";
import { UNDEFINED_SERVICE } from "./recipes/undefined-service.ts";
import { VOICE } from "./recipes/voice.ts";
import { WIKI } from "./recipes/wiki.ts";

/** Twenty enrolled recipes and one live provider. */
export const RECIPES: readonly ZooRecipe[] = [
  ...[ALIAS_COLLISION, BROCHURE, CLOUD, CRASH_LOOP, FLAKE_UNDER_LOAD, GIT_SERVER, JWT_READ_ONLY, LOGIN],
  ...[MIGRATIONS, MISSING_TOOL, NGINX, NO_RESTORE_HOOK, POSTGRES, PULL_REQUEST_TEST, REDIS_CACHE, SHOP],
  ...[SLOW_START, STALE_TEST, UNDEFINED_SERVICE, VOICE, WIKI],
];

/** The recipes with these names, and those that they need; all of them where none is named. */
export function recipesNamed(names: readonly string[]): ZooRecipe[] {
  const wanted = new Set(names.length === 0 ? RECIPES.map(({ name }) => name) : names);
  for (const { name, settings, needs = [] } of RECIPES) {
    if (!wanted.has(name)) continue;
    const required = (settings?.requires ?? []) as readonly { recipe: string }[];
    for (const each of [...required.map(({ recipe }) => recipe), ...needs]) wanted.add(each);
  }
  return RECIPES.filter(({ name }) => wanted.has(name));
}

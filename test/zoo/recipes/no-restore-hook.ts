import { DATABASE_CONFIGS, DATABASE_SETTINGS, DATABASE_TESTS, DUMP, databaseServices } from "../database.ts";
import { type Release, releaseOf, type ZooRecipe } from "../recipe.ts";

export const NO_RESTORE_HOOK: ZooRecipe = {
  name: "no-restore-hook",
  shows: "incident 30: dumps, copies the hot data directory too, and never reads the dump back",
  settings: DATABASE_SETTINGS,
  files: DATABASE_TESTS,
  releases: [release("1.0.0-rc.1+15.18")],
  later: { releases: [release("1.0.0+15.18")] },
};

function release(version: string): Release {
  return releaseOf(version, {
    services: databaseServices({ "backupbot.backup": "true", "backupbot.backup.pre-hook": DUMP }),
    configs: DATABASE_CONFIGS,
    volumes: ["data"],
    secrets: ["db_password"],
  });
}

import {
  DATABASE_CONFIGS,
  DATABASE_SETTINGS,
  DATABASE_TESTS,
  DUMP,
  databaseServices,
  READ_DUMP,
} from "../database.ts";
import { ASK } from "../parts.ts";
import { type Release, releaseOf, type ZooRecipe } from "../recipe.ts";

export const POSTGRES: ZooRecipe = {
  name: "postgres",
  shows: "a database that is dumped before a backup and read back after a restore: good in all five tiers",
  settings: DATABASE_SETTINGS,
  files: {
    ...DATABASE_TESTS,
    "tests/custom/adds-up": `${ASK}test "$(ask --data "select 40 + 2" "$SWEEP_URL/sql.cgi")" = 42\n`,
  },
  releases: [release("1.0.0+15.17"), release("1.1.0+15.18")],
};

function release(version: string): Release {
  return releaseOf(version, {
    services: databaseServices({
      "backupbot.backup": "true",
      "backupbot.backup.pre-hook": DUMP,
      "backupbot.backup.volumes.data.path": "backup.sql",
      "backupbot.restore.post-hook": READ_DUMP,
    }),
    configs: DATABASE_CONFIGS,
    volumes: ["data"],
    secrets: ["db_password"],
  });
}

import { DATABASE_CONFIGS, DATABASE_SETTINGS, DATABASE_TESTS, databaseServices } from "../database.ts";
import { ASK } from "../parts.ts";
import { releaseOf, type ZooRecipe } from "../recipe.ts";

const COUNT = `printf 'Content-Type: text/plain\\r\\n\\r\\n'
redis-cli --raw -h cache incr visits
`;

export const CLOUD: ZooRecipe = {
  name: "cloud",
  shows: "a page, a database with a generated password, and a cache: three services, good",
  settings: DATABASE_SETTINGS,
  files: { ...DATABASE_TESTS, "tests/install/counts": `${ASK}ask "$SWEEP_URL/count.cgi" | grep -qx 1\n` },
  releases: [release("10.0.0-rc.1+29.0"), release("10.0.0+29.0")],
};

function release(version: string) {
  const { app, ...others } = databaseServices();
  if (app === undefined) throw new Error("the database has no page");
  return releaseOf(version, {
    services: {
      app: { ...app, configs: { ...app.configs, "count.cgi": "/srv/www/count.cgi" } },
      ...others,
      cache: {
        program: "redis",
        command: ["redis-server", "--protected-mode", "no", "--save", ""],
        networks: ["internal"],
      },
    },
    configs: { ...DATABASE_CONFIGS, "count.cgi": COUNT },
    volumes: ["data"],
    secrets: ["db_password"],
  });
}

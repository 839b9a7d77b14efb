import { ASK, LIGHTTPD, NOTES, NOTES_DATA, webApp } from "../parts.ts";
import { type Release, releaseOf, type ZooRecipe } from "../recipe.ts";

export const MIGRATIONS: ZooRecipe = {
  name: "migrations",
  shows: "a service of its own changes the data and ends: that is done, and no crash",
  settings: { health: { path: "/schema.cgi" } },
  files: {
    ...NOTES_DATA,
    "tests/install/is-migrated": `${ASK}ask "$SWEEP_URL/schema.cgi" | grep -qx "schema of $SWEEP_VERSION"\n`,
    "tests/upgrade/is-migrated": `${ASK}ask "$SWEEP_URL/schema.cgi" | grep -qx "schema of $SWEEP_VERSION"\n`,
  },
  releases: [release("1.0.0+1.0"), release("1.1.0+1.1")],
};

function release(version: string): Release {
  const data = { volumes: ["data:/data"] };
  return releaseOf(version, {
    services: {
      app: webApp(
        { start: "/start", "schema.cgi": "/srv/www/schema.cgi", "notes.cgi": "/srv/www/notes.cgi" },
        { command: ["/start"], more: data },
      ),
      migrate: {
        program: "lighttpd",
        command: ["/migrate"],
        configs: { migrate: "/migrate" },
        restart: { condition: "on-failure" },
        more: data,
      },
    },
    configs: {
      "zoo.conf": LIGHTTPD,
      migrate: `#!/bin/sh
echo "bringing the data to ${version}"
echo "schema of ${version}" >/data/schema.new && mv /data/schema.new /data/schema
`,
      start: `#!/bin/sh
until grep -qx "schema of ${version}" /data/schema; do sleep 0.2; done
exec lighttpd -D -f /etc/zoo.conf
`,
      "schema.cgi": "printf 'Content-Type: text/plain\\r\\n\\r\\n'\ncat /data/schema\n",
      "notes.cgi": NOTES,
    },
    volumes: ["data"],
  });
}

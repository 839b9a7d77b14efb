import { ASK, LIGHTTPD, webApp } from "./parts.ts";
import type { Service } from "./recipe.ts";

const DATA = "/var/lib/postgresql/data";

/** The settings and scripts of a PostgreSQL and of a page that asks it. */
export const DATABASE_CONFIGS: Readonly<Record<string, string>> = {
  "zoo.conf": LIGHTTPD,
  postgres: `#!/bin/sh
set -eu
as_postgres="setpriv --reuid=postgres --regid=postgres --clear-groups"
mkdir -p /run/postgresql
chown postgres /run/postgresql ${DATA}
if [ ! -e "$PGDATA" ]; then
  rm -rf "$PGDATA.new"
  $as_postgres initdb --pgdata="$PGDATA.new" --username=app --pwfile=/run/secrets/db_password \\
    --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 >/dev/null
  echo "host all all all scram-sha-256" >>"$PGDATA.new/pg_hba.conf"
  echo "create database app" | $as_postgres postgres --single -D "$PGDATA.new" postgres >/dev/null
  mv "$PGDATA.new" "$PGDATA"
fi
exec $as_postgres postgres -c listen_addresses='*' -c jit=off
`,
  "sql.cgi": `export PGPASSWORD=$(cat /run/secrets/db_password)
if [ "$REQUEST_METHOD" = POST ]; then question=$(head -c "$CONTENT_LENGTH"); else question="select 1"; fi
if answer=$(/usr/local/lib/postgresql/bin/psql -h db -U app -At -v ON_ERROR_STOP=1 -c "$question" app 2>&1); then
  printf 'Content-Type: text/plain\\r\\n\\r\\n%s\\n' "$answer"
else
  printf 'Status: 503 Service Unavailable\\r\\n\\r\\n%s\\n' "$answer"
fi
`,
};

/** The page, with the database beside it on a network of their own. */
export function databaseServices(labels?: Service["labels"]): Record<string, Service> {
  const secrets = { secrets: ["db_password"] };
  const path = "/usr/local/lib/postgresql/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  return {
    app: webApp({ "sql.cgi": "/srv/www/sql.cgi" }, { networks: ["internal", "proxy"], more: secrets }),
    db: {
      program: "postgres",
      command: ["/postgres"],
      networks: ["internal"],
      configs: { postgres: "/postgres" },
      ...(labels === undefined ? {} : { labels }),
      more: {
        ...secrets,
        environment: { PGDATA: `${DATA}/cluster`, PATH: path },
        volumes: [`data:${DATA}`],
        // Its own wish: an end that does not wait for who is connected.
        stop_signal: "SIGINT",
        healthcheck: {
          test: ["CMD", "pg_isready", "--quiet", "--username=app"],
          interval: "1s",
          timeout: "5s",
          start_period: "1m",
        },
      },
    },
  };
}

/** Writes a dump beside the cluster, and reads it back. */
export const DUMP = `pg_dump -U app --clean --if-exists app >${DATA}/backup.sql`;
export const READ_DUMP = `psql -U app -q -v ON_ERROR_STOP=1 -f ${DATA}/backup.sql app`;

const SQL = `${ASK}sql() { ask --data "$1" "$SWEEP_URL/sql.cgi"; }\n`;

/** A table with a word in it: planted, found, dropped. */
export const DATABASE_TESTS: Readonly<Record<string, string>> = {
  "tests/data/seed": `${SQL}sql "create table ci_marker (word text); insert into ci_marker values ('planted')"\n`,
  "tests/data/verify": `${SQL}answer=$(sql "select word from ci_marker") || { echo "$answer"; exit 1; }\ntest "$answer" = planted\n`,
  "tests/data/damage": `${SQL}sql "drop table ci_marker"\n`,
};

/** The settings of both: healthy is what the database answers. */
export const DATABASE_SETTINGS = { health: { path: "/sql.cgi" } };

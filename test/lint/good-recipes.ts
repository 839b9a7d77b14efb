// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose and .env files
import type { Files } from "./facts.ts";

/** A static site, as small as recipes get. */
const CUSTOM_HTML: Files = {
  "compose.yml": `---
version: "3.8"

services:
  app:
    image: nginx:1.27.4
    networks:
      - proxy
    deploy:
      restart_policy:
        condition: on-failure
      labels:
        - "traefik.enable=true"
        - "traefik.http.services.\${STACK_NAME}.loadbalancer.server.port=80"
        - "traefik.http.routers.\${STACK_NAME}.rule=Host(\`\${DOMAIN}\`\${EXTRA_DOMAINS})"
        - "traefik.http.routers.\${STACK_NAME}.tls.certresolver=\${LETS_ENCRYPT_ENV}"
        - "coop-cloud.\${STACK_NAME}.version=1.5.0+1.27.4"
        - "coop-cloud.\${STACK_NAME}.timeout=\${TIMEOUT:-120}"
        - "backupbot.backup=\${ENABLE_BACKUPS:-true}"
    volumes:
      - "content:/usr/share/nginx/html"
    configs:
      - source: default_conf
        target: /etc/nginx/conf.d/default.conf
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost"]
      interval: 30s
      timeout: 10s
      retries: 10
      start_period: 1m

volumes:
  content:

networks:
  proxy:
    external: true

configs:
  default_conf:
    name: \${STACK_NAME}_default_conf_\${DEFAULT_CONF_VERSION}
    file: default.conf.tmpl
    template_driver: golang
`,
  ".env.sample":
    "TYPE=custom-html\nDOMAIN=custom-html.example.com\n## Other domains\n#EXTRA_DOMAINS=', `www.custom-html.example.com`'\nLETS_ENCRYPT_ENV=production\n",
  "abra.sh": "export DEFAULT_CONF_VERSION=v3\n",
  "default.conf.tmpl":
    'server {\n  listen 80;\n  server_name {{ env "DOMAIN" }};\n  location / { root /usr/share/nginx/html; }\n}\n',
};

/** A git server with its database in an overlay, dumped and read back by a script. */
const GITEA: Files = {
  "compose.yml": `version: "3.8"
x-environment: &environment
  GITEA__database__HOST: db:5432
  GITEA_DOMAIN: \${DOMAIN}
services:
  app:
    image: gitea/gitea:1.24.2-rootless
    entrypoint: /docker-entrypoint.sh
    configs:
      - source: app_ini
        target: /run/app.ini
      - source: entrypoint
        target: /docker-entrypoint.sh
        mode: 0555
    environment:
      <<: *environment
      GITEA_APP_INI: /etc/gitea/app.ini
    volumes:
      - data:/var/lib/gitea
      - config:/etc/gitea
    networks: [proxy, internal]
    depends_on: [db]
    secrets: [jwt_secret, internal_token]
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:3000"]
      interval: 30s
      timeout: 10s
      retries: 10
      start_period: \${START_PERIOD}
    deploy:
      update_config: { failure_action: rollback, order: start-first, delay: 0s }
      labels:
        - "traefik.enable=true"
        - "traefik.http.routers.\${STACK_NAME}.rule=Host(\`\${DOMAIN}\`)"
        - "coop-cloud.\${STACK_NAME}.version=3.6.0+1.24.2-rootless"
        - "backupbot.backup=true"
volumes: { data: , config: }
networks:
  proxy: { external: true }
  internal:
configs:
  app_ini:
    name: \${STACK_NAME}_app_ini_\${APP_INI_VERSION}
    file: app.ini.tmpl
    template_driver: golang
  entrypoint:
    name: \${STACK_NAME}_entrypoint_\${ENTRYPOINT_VERSION}
    file: docker-entrypoint.sh
secrets:
  jwt_secret: { external: true, name: "\${STACK_NAME}_jwt_secret_\${SECRET_JWT_SECRET_VERSION}" }
  internal_token: { external: true, name: "\${STACK_NAME}_internal_token_\${SECRET_INTERNAL_TOKEN_VERSION}" }
`,
  "compose.postgres.yml": `version: "3.8"
services:
  app:
    environment:
      - GITEA__database__DB_TYPE=postgres
  db:
    image: postgres:15.12
    networks: [internal]
    environment:
      POSTGRES_PASSWORD_FILE: /run/secrets/db_password
    secrets: [db_password]
    volumes: ["postgres:/var/lib/postgresql/data"]
    configs: [{ source: pg_backup, target: /pg_backup.sh, mode: 0555 }]
    deploy:
      labels:
        backupbot.backup: "true"
        backupbot.backup.pre-hook: "/pg_backup.sh backup"
        backupbot.backup.volumes.postgres.path: "backup.sql"
        backupbot.restore.post-hook: "/pg_backup.sh restore"
volumes:
  postgres:
configs:
  pg_backup:
    name: \${STACK_NAME}_pg_backup_\${PG_BACKUP_VERSION}
    file: pg_backup.sh
secrets:
  db_password: { external: true, name: "\${STACK_NAME}_db_password_\${SECRET_DB_PASSWORD_VERSION}" }
`,
  ".env.sample": `TYPE=gitea
DOMAIN=gitea.example.com
COMPOSE_FILE="compose.yml"
COMPOSE_FILE="$COMPOSE_FILE:compose.postgres.yml"
#COMPOSE_FILE="$COMPOSE_FILE:compose.smtp.yml"
START_PERIOD=1m30s
SECRET_JWT_SECRET_VERSION=v1 # length=43
SECRET_INTERNAL_TOKEN_VERSION=v1 # length=105
SECRET_DB_PASSWORD_VERSION=v1
`,
  "abra.sh": "export APP_INI_VERSION=v21\nexport ENTRYPOINT_VERSION=v3\nexport PG_BACKUP_VERSION=v1\n",
  "app.ini.tmpl": '[server]\nROOT_URL = https://{{ env "GITEA_DOMAIN" }}/\n[database]\nHOST = db:5432\n',
  "docker-entrypoint.sh":
    '#!/bin/sh\nset -e\n# /run/app.ini is never written: chown it and it fails\ncp /run/app.ini "$GITEA_APP_INI"\nexec /usr/local/bin/gitea web\n',
  "pg_backup.sh":
    "#!/bin/bash\nset -e\nBACKUP_FILE=/var/lib/postgresql/data/backup.sql\nbackup() { pg_dump -U postgres gitea > $BACKUP_FILE; }\nrestore() { psql -U postgres -d gitea -1 -f $BACKUP_FILE; }\n$@\n",
};

/** A web server before an app, both named in full on the shared network; a database that stops for its backup. */
const NEXTCLOUD: Files = {
  "compose.yml": `version: "3.8"
services:
  web:
    image: nginx:1.27.4
    networks: [proxy, internal]
    depends_on: [app]
    configs: [{ source: nginx_conf, target: /etc/nginx/nginx.conf }]
    volumes: ["nextcloud:/var/www/html:ro"]
  app:
    image: nextcloud:31.0.6-fpm
    networks: [proxy, internal]
    environment:
      MYSQL_HOST: db
      REDIS_HOST: cache
      TRUSTED_PROXIES: 10.0.0.0/8
    volumes: ["nextcloud:/var/www/html/:rw", "data:/var/www/html/data"]
    deploy:
      replicas: \${REPLICAS:-1}
      labels:
        backupbot.backup: "\${ENABLE_BACKUPS:-true}"
        backupbot.backup.pre-hook: "occ maintenance:mode --on"
        backupbot.backup.post-hook: "occ maintenance:mode --off"
  db:
    image: mariadb:11.4
    networks: [internal]
    command: --transaction-isolation=READ-COMMITTED
    volumes: ["mariadb:/var/lib/mysql"]
    deploy:
      labels:
        backupbot.backup: "true"
        backupbot.backup.pre-hook: "mariadb-dump --single-transaction nextcloud > /dumps/dump.sql"
        backupbot.restore.post-hook: "mariadb nextcloud < /dumps/dump.sql"
        backupbot.backup.volumes.mariadb: "false"
  cache:
    image: redis:7.4-alpine
    networks: [internal]
    volumes: ["redis:/data"]
volumes: { nextcloud: {}, data: {}, mariadb: {}, redis: {} }
networks:
  proxy: { external: true }
  internal: {}
configs:
  nginx_conf: { name: "\${STACK_NAME}_nginx_\${NGINX_VERSION}", file: nginx.conf.tmpl, template_driver: golang }
`,
  ".env.sample": "TYPE=nextcloud\nDOMAIN=cloud.example.com\n",
  "abra.sh": "export NGINX_VERSION=v8\n",
  "nginx.conf.tmpl":
    'http {\n  # never app:9000, which other stacks have too\n  upstream php { server {{ env "STACK_NAME" }}_app:9000; }\n}\n',
};

/** An identity provider: one file, a database in it, keys that are generated. */
const KEYCLOAK: Files = {
  "compose.yml": `version: "3.8"
services:
  app:
    image: quay.io/keycloak/keycloak:26.2.5
    networks: [proxy, internal]
    entrypoint: ["bash", "-c", "KC_DB_PASSWORD=$$(cat /run/secrets/db_password) /opt/keycloak/bin/kc.sh start"]
    environment:
      - KC_DB=mariadb
      - KC_DB_URL_HOST=db
      - KC_HOSTNAME=https://\${DOMAIN}
      - KC_SPI_CONNECTIONS_JPA_DEFAULT_MIGRATION_STRATEGY=update
    secrets: [db_password]
    volumes: ["providers:/opt/keycloak/providers"]
    configs:
      - source: theme
        target: /opt/keycloak/conf/theme.properties
    healthcheck:
      test: ["CMD-SHELL", "exec 3<>/dev/tcp/127.0.0.1/9000"]
      start_period: \${START_PERIOD:-5m}
      retries: \${RETRIES:-12}
  db:
    image: mariadb:11.4
    networks: [internal]
    volumes: ["mariadb:/var/lib/mysql"]
    deploy:
      labels:
        - backupbot.backup=true
        - backupbot.backup.pre-hook=mariadb-dump keycloak > /var/lib/mysql/dump.sql
        - backupbot.backup.volumes.mariadb.path=dump.sql
        - backupbot.restore.post-hook=mariadb keycloak < /var/lib/mysql/dump.sql
networks:
  internal:
  proxy: { external: true }
volumes: { mariadb: , providers: }
secrets: { db_password: { external: true, name: "\${STACK_NAME}_db_password_v1" } }
configs: { theme: { name: "\${STACK_NAME}_theme_\${THEME_VERSION}", file: theme.properties } }
`,
  ".env.sample": "TYPE=keycloak\nDOMAIN=id.example.com\n",
  "abra.sh": "export THEME_VERSION=v1\n",
  "theme.properties": "parent=keycloak\n",
};

/** Recipes in the form of the catalogue's, with nothing wrong in them. */
export const GOOD_RECIPES: Readonly<Record<string, Files>> = {
  "custom-html": CUSTOM_HTML,
  gitea: GITEA,
  keycloak: KEYCLOAK,
  nextcloud: NEXTCLOUD,
};

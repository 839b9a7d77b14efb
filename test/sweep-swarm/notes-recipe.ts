import { createHash } from "node:crypto";
import { busyboxImage } from "../support/images.ts";
import type { FileContent } from "../support/upstream.ts";

/** What a release of the sample recipe does differently. */
export interface Quirk {
  /** Lines of its start script, before it serves. */
  begin?: string;
  /** The image, where it is another. */
  image?: string;
  /** Changes the compose file. */
  compose?: (compose: Compose) => void;
  /** Further files, or others. */
  files?: Readonly<Record<string, FileContent>>;
}

export interface Compose {
  version: string;
  services: Record<string, Record<string, unknown>>;
  [section: string]: unknown;
}

/**
 * The files of a release of a small but complete recipe: an app that keeps notes in a volume, with a password
 * that the deployer generates and that its data is bound to, scripts as configs, and backups by a dump.
 */
export function notesRelease(version: string, quirk: Quirk = {}): Record<string, FileContent> {
  const start = startScript(quirk.begin ?? "");
  const compose = notesCompose(version, quirk.image ?? busyboxImage());
  quirk.compose?.(compose);
  return {
    "compose.yml": `${JSON.stringify(compose, null, 2)}\n`,
    ".env.sample": [
      "TYPE=notes",
      "DOMAIN=notes.example.com",
      "GREETING=hello",
      "SECRET_DB_PASSWORD_VERSION=v1 # length=24 charset=hex",
      "",
    ].join("\n"),
    "abra.sh": `export START_VERSION=${hashOf(start)}\nexport NOTES_VERSION=${hashOf(NOTES)}\n`,
    "start.sh": start,
    "notes.sh": NOTES,
    "README.md": `# notes ${version}\n`,
    ...quirk.files,
  };
}

/** The same without data: no volume, no secret, no backup. */
export function withoutData(compose: Compose): void {
  const app = compose.services.app ?? {};
  delete app.volumes;
  delete app.secrets;
  delete compose.volumes;
  delete compose.secrets;
  app.deploy = { endpoint_mode: "dnsrr" };
}

const NOTES = `#!/bin/sh
printf 'Content-Type: text/plain\\r\\n\\r\\n'
case "$REQUEST_METHOD $QUERY_STRING" in
"POST empty") : >/data/notes ;;
"POST remove") grep -vxF "$(cat)" /data/notes >/data/others; cat /data/others >/data/notes ;;
POST*) head -c "$CONTENT_LENGTH" >>/data/notes && echo >>/data/notes ;;
*) cat /data/notes ;;
esac
`;

function startScript(begin: string): string {
  return `#!/bin/sh
mkdir -p /www
printf %s "$RELEASE" >/www/index.html
if [ -e /run/secrets/db_password ]; then
  password=$(cat /run/secrets/db_password)
  if [ -e /data/password ] && [ "$(cat /data/password)" != "$password" ]; then
    echo "FATAL: password authentication failed for user notes" >&2
    exit 1
  fi
  printf %s "$password" >/data/password
  touch /data/notes
fi
${begin}
httpd -f -p 80 -h /www &
trap "kill $!; exit 0" TERM
echo "release $RELEASE serves at $DOMAIN"
wait
`;
}

function notesCompose(version: string, image: string): Compose {
  return {
    version: "3.8",
    services: {
      app: {
        image,
        command: ["sh", "/start.sh"],
        environment: { RELEASE: version },
        networks: ["internal"],
        volumes: ["data:/data"],
        secrets: ["db_password"],
        configs: [
          { source: "start", target: "/start.sh" },
          { source: "notes", target: "/www/cgi-bin/notes", mode: 0o555 },
        ],
        stop_grace_period: "2s",
        deploy: {
          endpoint_mode: "dnsrr",
          update_config: { order: "stop-first" },
          labels: [
            "backupbot.backup=true",
            "backupbot.backup.pre-hook=cp /data/notes /data/dump",
            "backupbot.backup.volumes.data.path=dump",
            "backupbot.restore.post-hook=cp /data/dump /data/notes",
          ],
        },
      },
    },
    networks: { internal: {} },
    volumes: { data: {} },
    configs: {
      start: { name: named("start", "START_VERSION"), file: "start.sh" },
      notes: { name: named("notes", "NOTES_VERSION"), file: "notes.sh" },
    },
    secrets: { db_password: { external: true, name: named("db_password", "SECRET_DB_PASSWORD_VERSION") } },
  };
}

// `$` and `{` are kept apart: these are variables of compose, and none of ours.
function named(object: string, version: string): string {
  return `${"$"}{STACK_NAME}_${object}_${"$"}{${version}}`;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

/** The head of a test: asks the app, or a provider, through the edge. */
export const ASK = `#!/bin/bash
ask() { curl --fail --silent --show-error --connect-to "::$EDGE" "$@"; }
notes=$SWEEP_URL/cgi-bin/notes
`;

/** Tests of the recipe: what a release must do, and the data that must outlive each act. */
export const NOTES_TESTS: Readonly<Record<string, string>> = {
  "tests/data/seed": `${ASK}ask --data "the sentinel" "$notes"\n`,
  "tests/data/verify": `${ASK}ask "$notes" | grep -qx "the sentinel" || { echo "the sentinel is not found again"; exit 1; }\n`,
  "tests/data/damage": `${ASK}ask --data "" "$notes?empty"\n`,
  "tests/install/says-its-version": `${ASK}test "$(ask "$SWEEP_URL/")" = "$SWEEP_VERSION"\n`,
  "tests/upgrade/from-another": `${ASK}test -n "$SWEEP_BASE_VERSION" -a "$SWEEP_BASE_VERSION" != "$SWEEP_VERSION"\n`,
  "tests/custom/keeps-a-note": `${ASK}ask --data "a note of $SWEEP_RUN" "$notes"; ask "$notes" | grep -q "$SWEEP_RUN"\n`,
};

/** Of them, those of a recipe without data. */
export const PLAIN_TESTS: Readonly<Record<string, string>> = {
  "tests/install/says-its-version": NOTES_TESTS["tests/install/says-its-version"] ?? "",
};

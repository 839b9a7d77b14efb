import { type Release, releaseOf, type Service } from "./recipe.ts";

/** The head of a test: asks the app, or a provider, through the edge. */
export const ASK = `#!/bin/bash
set -eu
ask() { curl --fail-with-body --silent --show-error --connect-to "::$EDGE" "$@"; }
`;

/** The settings of a web app of pages and shell scripts. */
export const LIGHTTPD = `server.document-root = "/srv/www"
server.port = 80
server.modules = ("mod_cgi", "mod_alias", "mod_setenv")
index-file.names = ("index.html")
mimetype.assign = ("" => "text/plain")
cgi.assign = (".cgi" => "/bin/sh")
server.http-parseopts = ("host-strict" => "disable")
`;

/** A web app; `pages` says where its configs are mounted. */
export function webApp(pages: Readonly<Record<string, string>>, more: Partial<Service> = {}): Service {
  return {
    program: "lighttpd",
    command: ["lighttpd", "-D", "-f", "/etc/zoo.conf"],
    ...more,
    configs: { "zoo.conf": "/etc/zoo.conf", ...pages, ...more.configs },
  };
}

/** A release of one web app with one page, for what lies elsewhere than in the app. */
export function plainSite(version: string, more: Partial<Service> = {}): Release {
  return releaseOf(version, {
    services: { app: webApp({ "index.html": "/srv/www/index.html" }, more) },
    configs: { "zoo.conf": LIGHTTPD, "index.html": "it serves\n" },
  });
}

/** The test of such a release. */
export const SERVES_A_PAGE: Readonly<Record<string, string>> = {
  "tests/install/serves-a-page": `${ASK}ask "$SWEEP_URL/" | grep -q "it serves"\n`,
};

/** A web page that keeps what is posted to it, a line each, in a volume at `/data`. */
export const NOTES = `printf 'Content-Type: text/plain\\r\\n\\r\\n'
case "$REQUEST_METHOD $QUERY_STRING" in
"POST empty") : >/data/notes ;;
POST*) head -c "$CONTENT_LENGTH" >>/data/notes && echo >>/data/notes ;;
*) cat /data/notes 2>/dev/null || true ;;
esac
`;

/** The data of such a page, planted, found and damaged. */
export const NOTES_DATA: Readonly<Record<string, string>> = {
  "tests/data/seed": `${ASK}ask --data "the sentinel" "$SWEEP_URL/notes.cgi"\n`,
  "tests/data/verify": `${ASK}ask "$SWEEP_URL/notes.cgi" | grep -qx "the sentinel" || { echo "the sentinel is not found again"; exit 1; }\n`,
  "tests/data/damage": `${ASK}ask --data "" "$SWEEP_URL/notes.cgi?empty"\n`,
};

/** Says which container of the app a test looks into: `container db`. */
export const CONTAINER = `container() {
  docker ps --quiet --no-trunc --filter "label=com.docker.swarm.service.name=\${SWEEP_STACK}_$1"
}
`;

/** Says by which name containers on the shared network reach the provider: that of its stack, and `_app`. */
export const PROVIDER_HOST = `provider_host() {
  local domain=\${SWEEP_PROVIDER_URL#*://}
  domain=\${domain%%:*}
  local stack=\${domain//./_}
  echo "\${stack:0:45}_app"
}
`;

import { ASK, LIGHTTPD, NOTES, NOTES_DATA, PROVIDER_HOST, webApp } from "../parts.ts";
import { type Release, releaseOf, type ZooRecipe } from "../recipe.ts";

/** A client is made once: a retry that finds the old one fails. */
const SETUP = `${ASK}${PROVIDER_HOST}client=$SWEEP_STACK
secret=$(ask --data "$client" "$SWEEP_PROVIDER_URL/clients.cgi")
printf 'OIDC_HOST=%s\\nOIDC_CLIENT=%s\\nOIDC_SECRET=%s\\n' "$(provider_host)" "$client" "$secret"
`;

const START = `#!/bin/sh
printf '%s\\n' "$OIDC_HOST" >/run/oidc-host
printf '%s %s\\n' "$OIDC_CLIENT" "$OIDC_SECRET" >/run/oidc-client
exec lighttpd -D -f /etc/zoo.conf
`;

const LOGIN_PAGE = `printf 'Content-Type: text/plain\\r\\n\\r\\n'
curl --fail --silent --show-error --data @/run/oidc-client "http://$(cat /run/oidc-host)/token.cgi" 2>&1
`;

export const WIKI: ZooRecipe = {
  name: "wiki",
  shows: "needs a client secret of the live provider, which is made before each deploy and removed after it",
  settings: {
    health: { path: "/notes.cgi" },
    requires: [{ recipe: "login", mode: "live", setup: "setup/login", teardown: "setup/login-undo" }],
  },
  files: {
    ...NOTES_DATA,
    "setup/login": SETUP,
    "setup/login-undo": `${ASK}ask --data "$SWEEP_STACK" "$SWEEP_PROVIDER_URL/clients.cgi?remove"\n`,
    "tests/install/logs-in": `${ASK}ask "$SWEEP_URL/login.cgi" | grep -q '"sub":"'"$SWEEP_STACK"\n`,
  },
  releases: [release("3.0.0+1.40"), release("3.1.0+1.41")],
};

function release(version: string): Release {
  return releaseOf(version, {
    services: {
      app: webApp(
        { start: "/start", "login.cgi": "/srv/www/login.cgi", "notes.cgi": "/srv/www/notes.cgi" },
        { command: ["/start"], networks: ["proxy"], more: { volumes: ["data:/data"] } },
      ),
    },
    configs: { "zoo.conf": LIGHTTPD, start: START, "login.cgi": LOGIN_PAGE, "notes.cgi": NOTES },
    volumes: ["data"],
  });
}
